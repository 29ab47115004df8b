package wasmbpf.host.load;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import wasmbpf.sys.Errno;

/**
 * The machine's CPUs: libbpf {@code parse_cpu_mask_file}.
 *
 * @param possible how many there may ever be: values of a per-CPU map have this many parts
 * @param online   numbers of those that run now
 */
public record Cpus(int possible, List<Integer> online) {
    private static final int MOST = 1 << 16;

    static Cpus of(KernelFiles files) {
        List<Integer> possible = read(files, "/sys/devices/system/cpu/possible");
        return new Cpus(possible.getLast() + 1, List.copyOf(read(files, "/sys/devices/system/cpu/online")));
    }

    private static List<Integer> read(KernelFiles files, String path) {
        byte[] bytes = files.readIfReadable(path);
        if (bytes == null) {
            throw LoadException.of("read " + path, Errno.ENOENT, "; is /sys mounted?");
        }
        return parse(path, new String(bytes, StandardCharsets.US_ASCII));
    }

    /** Numbers of a list like {@code 0-3,8}. */
    static List<Integer> parse(String path, String text) {
        List<Integer> numbers = new ArrayList<>();
        try {
            for (String range : text.strip().split(",")) {
                String[] ends = range.split("-", 2);
                int first = Integer.parseInt(ends[0]);
                int last = Integer.parseInt(ends[ends.length - 1]);
                if (first < 0 || last < first || last >= MOST) {
                    throw new NumberFormatException(range);
                }
                for (int cpu = first; cpu <= last; cpu++) {
                    numbers.add(cpu);
                }
            }
        } catch (NumberFormatException e) {
            throw LoadException.of("read " + path, Errno.EINVAL, ": not a list of CPUs: \"" + text.strip() + "\"");
        }
        return numbers;
    }

    /** The online CPUs below {@code limit} (unsigned): those that have a slot in a map of so many entries. */
    public List<Integer> online(int limit) {
        return online.stream().filter(cpu -> Integer.compareUnsigned(cpu, limit) < 0).toList();
    }
}
