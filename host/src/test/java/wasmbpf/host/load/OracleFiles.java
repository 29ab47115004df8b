package wasmbpf.host.load;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

import wasmbpf.host.object.OracleJson;

/** The files of the kernel of the recordings (oracle/README.md): 6.18.44 on two CPUs with pages of 4096 bytes. */
public final class OracleFiles implements KernelFiles {
    private static final Path VMLINUX = Path.of("..", "relo-core", "src", "test", "resources", "oracle",
            "vmlinux-6.18.44.btf.gz");
    private static final byte[] BTF = unzip(VMLINUX);

    private final Map<String, byte[]> files = new HashMap<>();

    private OracleFiles() {
        put("/sys/devices/system/cpu/possible", "0-1\n");
        put("/sys/devices/system/cpu/online", "0-1\n");
        put("/proc/sys/kernel/osrelease", "6.18.44-fc-v595\n");
        put("/proc/sys/kernel/version", "#1 SMP PREEMPT_DYNAMIC\n");
        put("/sys/bus/event_source/devices/kprobe/type", "8\n");
        files.put("/sys/kernel/btf/vmlinux", BTF);
        files.put("/proc/config.gz", OracleJson.bytes("config-6.18.44.gz"));
    }

    /** With the symbols that libbpf found for that object. */
    public static OracleFiles of(Map<String, Object> recording) {
        OracleFiles made = new OracleFiles();
        StringBuilder symbols = new StringBuilder("ffffffff81000000 T _stext\n");
        List<Map<String, Object>> externs = OracleJson.objects(recording, "externs");
        for (Map<String, Object> extern : externs) {
            if (extern.get("addr") instanceof String address) {
                symbols.append(address.substring(2)).append(" D ").append(extern.get("name")).append('\n');
            }
        }
        made.put("/proc/kallsyms", symbols.toString());
        return made;
    }

    public static OracleFiles plain() {
        return new OracleFiles();
    }

    public OracleFiles put(String path, String text) {
        files.put(path, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    public OracleFiles without(String path) {
        files.remove(path);
        return this;
    }

    @Override
    public byte[] read(String path) {
        return files.get(path);
    }

    private static byte[] unzip(Path file) {
        try {
            return new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file))).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
