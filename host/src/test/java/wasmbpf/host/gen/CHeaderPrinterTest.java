package wasmbpf.host.gen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfReader;
import wasmbpf.btf.BtfType;

/** Every type of a kernel's BTF, printed for Wasm guests and judged by clang for wasm32. */
class CHeaderPrinterTest {
    private static Btf vmlinux;
    private static Path header;

    @TempDir
    private static Path dir;

    @BeforeAll
    static void printEveryTypeOfAKernel() throws IOException {
        Path file = Path.of(System.getProperty("project.root"), "relo-core/src/test/resources/oracle/vmlinux-6.18.44.btf.gz");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            vmlinux = BtfReader.read("vmlinux", in.readAllBytes());
        }
        header = dir.resolve("vmlinux.h");
        Files.writeString(header, CHeaderPrinter.print(vmlinux, "VMLINUX_H"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"c", "c++"})
    void compilesAloneWithoutAWarningAndEveryAssertionHolds(String language) throws Exception {
        assertEquals("", Clang.wasm("-ffreestanding", "-Wall", "-Wextra", "-fsyntax-only", "-x", language, header.toString()));
        long assertions = Files.lines(header).filter(line -> line.startsWith("WASM_BPF_ASSERT")).count();
        assertTrue(assertions > 50_000, assertions + " assertions");
    }

    /** offsetof cannot see bit-fields: clang's own account of its layouts can. */
    @Test
    void everyBitFieldLiesWhereTheKernelHasIt() throws Exception {
        String layouts = Clang.wasm("-ffreestanding", "-fsyntax-only", "-Xclang", "-fdump-record-layouts", "-x", "c", header.toString());
        Map<String, Map<String, Integer>> records = parse(layouts);
        int checked = 0;
        for (int id = 1; id < vmlinux.typeCount(); id++) {
            if (!(vmlinux.type(id) instanceof BtfType.Struct s) || s.name().isEmpty()) {
                continue;
            }
            Map<String, Integer> offsets = records.get("struct " + s.name());
            if (offsets == null || vmlinux.find(wasmbpf.btf.BtfKind.STRUCT, s.name()) != id) {
                continue; // a second struct of that name is printed under another
            }
            for (BtfType.Member m : s.members()) {
                if (m.isBitfield() && !m.name().isEmpty()) {
                    assertEquals(m.bitOffset(), offsets.get(m.name()), () -> s.name() + "." + m.name());
                    checked++;
                }
            }
        }
        assertTrue(checked > 1000, checked + " bit-fields");
    }

    private static final Pattern FIELD = Pattern.compile(" *(\\d+)(?::(\\d+)-\\d+)? \\|   \\S.*?([A-Za-z0-9_]+)");

    /** Record -> member -> bit offset, of the members that stand in the record itself. */
    private static Map<String, Map<String, Integer>> parse(String dump) {
        Map<String, Map<String, Integer>> records = new HashMap<>();
        Map<String, Integer> current = null;
        boolean first = false;
        for (String line : dump.split("\n")) {
            if (line.startsWith("*** Dumping")) {
                first = true;
            } else if (first && line.contains("| ")) {
                current = new HashMap<>();
                records.put(line.substring(line.indexOf("| ") + 2).strip(), current);
                first = false;
            } else if (current != null) {
                Matcher m = FIELD.matcher(line);
                if (m.matches()) {
                    current.put(m.group(3), Integer.parseInt(m.group(1)) * 8 + (m.group(2) == null ? 0 : Integer.parseInt(m.group(2))));
                }
            }
        }
        return records;
    }
}
