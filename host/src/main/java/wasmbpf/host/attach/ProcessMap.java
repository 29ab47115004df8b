package wasmbpf.host.attach;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import wasmbpf.host.load.KernelFiles;
import wasmbpf.sys.Errno;

/**
 * Where the code of a file lies in one process: lines of /proc/PID/maps, {@code start-end r-xp offset device inode
 * path}. libbpf {@code parse_vma_segs}.
 */
final class ProcessMap {
    private record Segment(long start, long end, long fileOffset) {
    }

    private final String operation;
    private final String where;
    private final List<Segment> segments = new ArrayList<>();

    private ProcessMap(String operation, String where) {
        this.operation = operation;
        this.where = where;
    }

    /** @throws AttachException ESRCH if there is no such process, or it does not have the file's code mapped */
    static ProcessMap of(KernelFiles files, String operation, int pid, String path) {
        byte[] maps = files.readIfReadable("/proc/" + pid + "/maps");
        if (maps == null) {
            throw new AttachException(operation, Errno.ESRCH, "there is no process " + pid);
        }
        ProcessMap map = new ProcessMap(operation, path + " in process " + pid);
        String real = real(path);
        for (String line : new String(maps, StandardCharsets.UTF_8).split("\n")) {
            String[] words = line.split(" +", 6);
            int dash = words[0].indexOf('-');
            if (words.length == 6 && dash > 0 && words[1].length() == 4 && words[1].charAt(2) == 'x'
                    && (words[5].equals(real) || words[5].equals(path))) {
                map.segments.add(new Segment(Long.parseUnsignedLong(words[0].substring(0, dash), 16),
                        Long.parseUnsignedLong(words[0].substring(dash + 1), 16),
                        Long.parseUnsignedLong(words[2], 16)));
            }
        }
        if (map.segments.isEmpty()) {
            throw new AttachException(operation, Errno.ESRCH, "process " + pid + " has not mapped code of " + path);
        }
        return map;
    }

    private static String real(String path) {
        try {
            return Path.of(path).toRealPath().toString();
        } catch (IOException e) {
            return path;
        }
    }

    /** The sites with the addresses they have in the process. */
    List<UsdtSites.Site> placed(List<UsdtSites.Site> sites) {
        List<UsdtSites.Site> placed = new ArrayList<>();
        for (UsdtSites.Site site : sites) {
            placed.add(new UsdtSites.Site(site.fileOffset(), address(site.fileOffset()), site.semaphoreOffset(),
                    site.arguments()));
        }
        return placed;
    }

    private long address(long fileOffset) {
        for (Segment each : segments) {
            long inside = fileOffset - each.fileOffset();
            if (inside >= 0 && inside < each.end() - each.start()) {
                return each.start() + inside;
            }
        }
        throw new AttachException(operation, Errno.ESRCH, "offset 0x" + Long.toHexString(fileOffset) + " of " + where
                + " is not mapped");
    }
}
