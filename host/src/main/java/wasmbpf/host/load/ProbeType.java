package wasmbpf.host.load;

import java.nio.charset.StandardCharsets;

/** Numbers of perf's dynamic event sources, which each kernel gives as it boots: /sys/bus/event_source/devices. */
public final class ProbeType {
    private static final String DEVICES = "/sys/bus/event_source/devices/";

    private ProbeType() {
    }

    /** The {@code type} of source {@code kprobe} or {@code uprobe}, or -1 if this kernel has none. */
    public static int of(String source, KernelFiles files) {
        return number(files.readIfReadable(DEVICES + source + "/type"), "");
    }

    /** The bit of {@code config} that asks for a return probe, or -1. */
    public static int returnBit(String source, KernelFiles files) {
        return number(files.readIfReadable(DEVICES + source + "/format/retprobe"), "config:");
    }

    private static int number(byte[] file, String prefix) {
        if (file == null) {
            return -1;
        }
        String text = new String(file, StandardCharsets.US_ASCII).strip();
        try {
            return text.startsWith(prefix) ? Integer.parseInt(text.substring(prefix.length())) : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
