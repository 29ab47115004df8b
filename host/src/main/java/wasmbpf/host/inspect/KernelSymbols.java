package wasmbpf.host.inspect;

import java.util.HashMap;
import java.util.Map;

import wasmbpf.host.load.KernelFiles;

/** Names of the kernel's addresses, from /proc/kallsyms; none where the kernel hides them. */
final class KernelSymbols {
    private final Map<Long, String> byAddress = new HashMap<>();
    private long callBase;

    private KernelSymbols() {
    }

    static KernelSymbols read() {
        KernelSymbols symbols = new KernelSymbols();
        byte[] file = KernelFiles.RUNNING.readIfReadable("/proc/kallsyms");
        int at = 0;
        while (file != null && at < file.length) {
            int end = at;
            while (end < file.length && file[end] != '\n') {
                end++;
            }
            symbols.line(new String(file, at, end - at, java.nio.charset.StandardCharsets.ISO_8859_1));
            at = end + 1;
        }
        return symbols;
    }

    /** {@code ffffffff81000000 T _stext}, and for a module's {@code \t[module]}. */
    private void line(String line) {
        int type = line.indexOf(' ');
        if (type < 1 || type + 3 > line.length()) {
            return;
        }
        int end = line.indexOf('\t', type);
        String name = line.substring(type + 3, end < 0 ? line.length() : end);
        long address;
        try {
            address = Long.parseUnsignedLong(line.substring(0, type), 16);
        } catch (NumberFormatException e) {
            return;
        }
        if (address == 0) {
            return;
        }
        if (name.equals("__bpf_call_base")) {
            callBase = address;
        }
        byAddress.putIfAbsent(address, name);
    }

    /** What begins at that address, or null. */
    String at(long address) {
        return byAddress.get(address);
    }

    /** What the verifier counts addresses of helper functions from; 0 if unknown. */
    long callBase() {
        return callBase;
    }
}
