package wasmbpf.btf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import wasmbpf.elf.ElfFile;
import wasmbpf.elf.ElfReader;

/** Files beside the tests, and the oracle files of other modules, of which the tree has one copy each. */
final class Resources {
    static final List<String> ORACLE_OBJECTS =
            List.of("attach_table", "externs_table", "maps_table", "sec_table", "subprogs_table");

    private static Btf vmlinux;

    private Resources() {
    }

    static byte[] bytes(String name) {
        try (InputStream in = Resources.class.getResourceAsStream("/btf/" + name)) {
            if (in == null) {
                throw new IllegalStateException("no test resource btf/" + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    static ElfFile elf(String name) {
        return ElfReader.read(name, bytes(name));
    }

    static ElfFile oracleElf(String name) {
        try {
            return ElfReader.read(name, Files.readAllBytes(
                    root().resolve("host/src/test/resources/oracle/" + name + ".bpf.o")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The BTF of kernel 6.18.44, read once for all tests. */
    static synchronized Btf vmlinux() {
        if (vmlinux == null) {
            vmlinux = BtfReader.read("vmlinux", vmlinuxBytes());
        }
        return vmlinux;
    }

    static byte[] vmlinuxBytes() {
        Path file = root().resolve("relo-core/src/test/resources/oracle/vmlinux-6.18.44.btf.gz");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The digests of a .sha256.txt file: of the C text, of the raw text. */
    static List<String> digests(String name) {
        return text(name).lines().filter(line -> !line.startsWith("#")).toList();
    }

    static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static Path root() {
        return Path.of(System.getProperty("project.root", ".."));
    }
}
