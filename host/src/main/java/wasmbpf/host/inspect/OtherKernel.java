package wasmbpf.host.inspect;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;

import wasmbpf.btf.BtfReader;
import wasmbpf.elf.ElfReader;
import wasmbpf.host.load.KernelFiles;

/** The running kernel's files, with some of another kernel's in their place. */
public final class OtherKernel implements KernelFiles {
    private static final byte[] ABSENT = new byte[0];

    private final Map<String, byte[]> others = new HashMap<>();

    /** Takes the kernel's types from that file: raw BTF, or an ELF with a .BTF section; either may be gzipped. */
    public OtherKernel btf(Path file) throws IOException {
        others.put("/sys/kernel/btf/vmlinux", btfOf(file.toString(), Files.readAllBytes(file)));
        return this;
    }

    /**
     * The BTF in a file: raw, or the .BTF section of an ELF, either gzipped or not.
     *
     * @throws wasmbpf.elf.FormatException if it is an ELF without BTF
     */
    public static byte[] btfOf(String name, byte[] contents) throws IOException {
        byte[] bytes = unzipped(contents);
        boolean elf = bytes.length > 3 && bytes[0] == 0x7f && bytes[1] == 'E' && bytes[2] == 'L' && bytes[3] == 'F';
        return elf ? BtfReader.ofElf(ElfReader.read(name, bytes)).bytes() : bytes;
    }

    /** Takes the kernel's configuration from that file: text, or gzipped text. */
    public OtherKernel kconfig(Path file) throws IOException {
        others.put("/boot/config-" + release(), unzipped(Files.readAllBytes(file)));
        return this;
    }

    /** Takes the kernel's symbols from that file, in the form of /proc/kallsyms. */
    public OtherKernel kallsyms(Path file) throws IOException {
        others.put("/proc/kallsyms", unzipped(Files.readAllBytes(file)));
        return this;
    }

    /** Says it is that release; to be called first. */
    public OtherKernel release(String release) {
        others.put("/proc/sys/kernel/osrelease", release.getBytes(StandardCharsets.UTF_8));
        // What distributions put their true version in is the running kernel's.
        others.put("/proc/sys/kernel/version", ABSENT);
        others.put("/proc/version_signature", ABSENT);
        return this;
    }

    /** Says it has that many CPUs. */
    public OtherKernel cpus(int count) {
        byte[] all = ("0-" + (count - 1)).getBytes(StandardCharsets.UTF_8);
        others.put("/sys/devices/system/cpu/possible", all);
        others.put("/sys/devices/system/cpu/online", all);
        return this;
    }

    private String release() {
        byte[] release = readIfReadable("/proc/sys/kernel/osrelease");
        return release == null ? "" : new String(release, StandardCharsets.UTF_8).strip();
    }

    private static byte[] unzipped(byte[] bytes) throws IOException {
        if (bytes.length > 2 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b) {
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                return in.readAllBytes();
            }
        }
        return bytes;
    }

    /** @throws UncheckedIOException as {@link KernelFiles#read} */
    @Override
    public byte[] read(String path) {
        byte[] other = others.get(path);
        return other == null ? KernelFiles.RUNNING.read(path) : other == ABSENT ? null : other;
    }
}
