package wasmbpf.host.object;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfReader;
import wasmbpf.core.CandidateIndex;
import wasmbpf.core.InsnBuffer;

/**
 * Every object in the repository as the libbpf installed here sees it (Debian 12: 1.1.2), beside ours: after opening
 * it, and as it is submitted to the running kernel, whatever that kernel would say. libbpf_view.c does the asking. What
 * that libbpf does not take is listed, with what holds us there. {@code -Dbpf.objects=DIR} adds the {@code *.bpf.o} of
 * another directory.
 */
class LibbpfDifferentialTest {
    @TempDir
    static Path directory;

    private static Path view;

    private static final String OTHER_ORDER = "before 1.6, libbpf reads its own machine's byte order only: "
            + "CoreRelocatorTest, ObjectReaderTest";

    /** Objects that libbpf 1.1.2 does not open, or not load: why, and where they are compared with what is right. */
    private static final Map<String, String> NOT_TAKEN = Map.ofEntries(
            Map.entry("arena", "1.1 knows no arenas: ProgramLinkerTest, ArenaTest"),
            Map.entry("jump_table", "1.1 knows no jump tables: ProgramLinkerTest"),
            Map.entry("legacy_maps", "libbpf gave legacy maps up in 1.0; we take them: ObjectReaderTest"),
            Map.entry("maps_table", "1.1 knows no 64-bit map_extra; 1.8's recording: OpenOracleTest, LoadOracleTest"),
            Map.entry("both_orders.be", OTHER_ORDER),
            Map.entry("enums.eb", OTHER_ORDER),
            Map.entry("fields.eb", OTHER_ORDER),
            Map.entry("types.eb", OTHER_ORDER),
            Map.entry("ops", "1.1 refuses members that the kernel lacks though they are zero: LoadKernelTest"),
            Map.entry("sec_table", "has sections that no libbpf loads: OpenOracleTest, LoadOracleTest"),
            Map.entry("element_sign", "made to be refused, by us too: CoreRelocatorTest"),
            Map.entry("kinds", "made for its types; its externs name nothing: BtfReaderTest"));

    /** Objects whose instructions 1.1.2 makes otherwise than 1.8, and where they are compared with those. */
    private static final Map<String, String> LINKED_OTHERWISE = Map.of(
            "callback", "1.1 knows no exception callbacks: ProgramLinkerTest",
            "externs_table", "1.1 knows no flavours of kernel functions; 1.8's recording: LinkOracleTest");

    /** Objects of all modules and examples, but those that nobody reads. */
    private static List<Path> objects() throws IOException {
        List<Path> found = new ArrayList<>();
        List<String> roots = new ArrayList<>(List.of("src/test/resources", "../relo-core/src/test/resources",
                "../btf/src/test/resources", "../elf/src/test/resources", "../examples"));
        if (System.getProperty("bpf.objects") != null) {
            roots.add(System.getProperty("bpf.objects"));
        }
        for (String root : roots) {
            if (Files.isDirectory(Path.of(root))) {
                try (Stream<Path> files = Files.walk(Path.of(root), 4)) {
                    files.filter(file -> file.toString().endsWith(".bpf.o") && !file.getParent().endsWith("bad"))
                            .sorted().forEach(found::add);
                }
            }
        }
        return found;
    }

    @TestFactory
    Stream<DynamicTest> opensWhatTheInstalledLibbpfOpens() throws IOException {
        return objects().stream().map(file -> dynamicTest(file.toString(), () -> {
            List<String> libbpf = ask("open", file);
            ObjectSpec spec = ObjectReader.read(file.toString(), Files.readAllBytes(file), ReadOptions.LIBBPF);
            List<String> ours = new ArrayList<>(List.of("object " + spec.name()));
            spec.maps().forEach(map -> ours.add(line(map)));
            for (ProgramSpec program : spec.programs()) {
                if (!program.subprogram()) {
                    ours.add(line(program, hex(program.code(), List.of())));
                }
            }
            ours.removeIf(line -> line.startsWith("map ") && line.contains(STRUCT_OPS_MAP));
            libbpf.removeIf(line -> line.startsWith("map ") && line.contains(STRUCT_OPS_MAP));
            for (int i = 0; i < Math.min(libbpf.size(), ours.size()); i++) {
                ours.set(i, older(ours.get(i), libbpf.get(i)));
                libbpf.set(i, older(libbpf.get(i), libbpf.get(i)));
            }
            assertEquals(String.join("\n", libbpf), String.join("\n", ours));
        }));
    }

    /** Only the plain section of struct_ops is known to libbpf 1.1; the recordings of 1.8 cover them. */
    private static final String STRUCT_OPS_MAP = "|26|4|";

    /** A line about a program as a libbpf says it that does not know its section, or what member it implements. */
    private static String older(String line, String libbpf) {
        String[] fields = line.split("\\|", -1);
        String[] theirs = libbpf.split("\\|", -1);
        if (line.startsWith("program ") && theirs.length == fields.length) {
            if (theirs[2].equals("0")) {
                fields[2] = "0";
                fields[3] = "0";
            } else if (theirs[2].equals("27")) {
                fields[3] = "0";
            }
        }
        return String.join("|", fields);
    }

    /** RefusedObjectTest says what is wrong with each. */
    @TestFactory
    Stream<DynamicTest> objectsWeRefuseAreRefusedByTheInstalledLibbpf() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/object/bad"))) {
            return files.filter(file -> file.toString().endsWith(".bpf.o")).sorted().toList().stream()
                    .map(file -> dynamicTest(file.getFileName().toString(), () -> {
                        Assumptions.assumeFalse(file.endsWith("two_arenas.bpf.o"), "libbpf 1.1 knows no arenas");
                        assertEquals(List.of("error open"), run(List.of(view().toString(), "open", file.toString())));
                    }));
        }
    }

    @TestFactory
    Stream<DynamicTest> linksWhatTheInstalledLibbpfLoads() throws IOException {
        RunningKernelFiles kernel = new RunningKernelFiles();
        return objects().stream().map(file -> dynamicTest(file.toString(), () -> {
            Assumptions.assumeTrue(Files.isReadable(RunningKernelFiles.VMLINUX), "this kernel has no BTF");
            List<String> libbpf = ask("load", file);
            ObjectSpec spec = ObjectReader.read(file.toString(), Files.readAllBytes(file), ReadOptions.LIBBPF);
            LinkedObject linked = ProgramLinker.link(spec, ExternResolver.resolve(spec, kernel), kernel);
            libbpf.removeIf(line -> !line.startsWith("program ") || notLoaded(line));
            Set<String> loaded = libbpf.stream().map(line -> line.substring(0, line.indexOf('|'))).collect(toSet());
            List<String> ours = new ArrayList<>();
            for (LinkedProgram program : linked.programs()) {
                // Sections that it is too old to know are left out of what it loads.
                if (loaded.contains("program " + program.program().name())) {
                    ours.add(line(program.program(), hex(program.code(), program.references())));
                }
            }
            for (int i = 0; i < Math.min(libbpf.size(), ours.size()); i++) {
                ours.set(i, older(ours.get(i), libbpf.get(i)));
                libbpf.set(i, older(libbpf.get(i), libbpf.get(i)));
            }
            String otherwise = LINKED_OTHERWISE.get(nameOf(file));
            if (otherwise != null) {
                assertNotEquals(libbpf, ours, "does as 1.8 does, after all");
                Assumptions.abort("libbpf links it otherwise: " + otherwise);
            }
            assertEquals(String.join("\n", libbpf), String.join("\n", ours));
        }));
    }

    private static String nameOf(Path file) {
        return file.getFileName().toString().replace(".bpf.o", "");
    }

    /** The fifth field is autoload. */
    private static boolean notLoaded(String line) {
        return line.split("\\|")[4].equals("0");
    }

    private static String line(MapSpec map) {
        boolean custom = map.internal() && map.realName().indexOf('.', 1) > 0;
        boolean ring = map.type() == 27 || map.type() == 31;
        int entries = ring ? MapSizing.ringBuffer(map.maxEntries(), 4096) : map.maxEntries();
        return "map " + (custom ? map.realName() : map.name()) + "|" + map.type() + "|" + map.keySize() + "|"
                + map.valueSize() + "|" + entries + "|" + prefixed(map.flags()) + "|" + prefixed(map.extra()) + "|"
                + map.keyTypeId() + "|" + map.valueTypeId() + "|"
                + (map.pinning() == MapSpec.Pinning.BY_NAME ? 1 : 0);
    }

    /** C's {@code %#x}: no prefix for zero. */
    private static String prefixed(long number) {
        return number == 0 ? "0" : "0x" + Long.toHexString(number);
    }

    private static String line(ProgramSpec program, String code) {
        int insns = code.replaceAll("<[^>]*>", "").length() / 16;
        return "program " + program.name() + "|" + program.sectionName() + "|" + program.type() + "|"
                + program.expectedAttachType() + "|" + (program.autoload() ? 1 : 0) + "|" + insns + "|" + code;
    }

    private static String hex(InsnBuffer code, List<Reference> references) {
        byte[] bytes = code.toBytes(java.nio.ByteOrder.nativeOrder());
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < code.count(); i++) {
            text.append(HexFormat.of().formatHex(bytes, i * 8, i * 8 + 8));
            for (Reference reference : references) {
                if (reference.insnIndex() == i) {
                    switch (reference) {
                        case Reference.MapFd map -> text.append('<').append(name(map.map())).append('>');
                        case Reference.MapValue map -> text.append('<').append(name(map.map())).append('>');
                        case Reference.ModuleBtfFd _, Reference.JumpTable _ -> throw new AssertionError(reference);
                    }
                }
            }
        }
        return text.toString();
    }

    private static String name(MapSpec map) {
        return map.internal() && map.realName().indexOf('.', 1) > 0 ? map.realName() : map.name();
    }

    /** The lines libbpf_view prints; aborts the test if libbpf is not installed, or refuses the object for a reason. */
    private static List<String> ask(String mode, Path file) throws IOException, InterruptedException {
        List<String> lines = run(List.of(view().toString(), mode, file.toString()));
        if (lines.isEmpty() || lines.getFirst().startsWith("error")) {
            String reason = NOT_TAKEN.get(nameOf(file));
            if (reason == null && mode.equals("open")) {
                throw new AssertionError("libbpf does not " + mode + " " + file + ", and no reason is known: " + lines);
            }
            Assumptions.abort("libbpf does not " + mode + " it: "
                    + (reason == null ? "types that this kernel lacks? " + lines : reason));
        }
        return new ArrayList<>(lines);
    }

    private static synchronized Path view() throws IOException, InterruptedException {
        if (view == null) {
            Path program = directory.resolve("libbpf_view");
            Assumptions.assumeTrue(Files.isReadable(Path.of("/usr/include/bpf/libbpf.h")),
                    "libbpf-dev is not installed: nothing to compare with");
            List<String> output = run(List.of("cc", "-o", program.toString(),
                    Path.of("src/test/resources/libbpf/libbpf_view.c").toString(), "-lbpf"));
            Assumptions.assumeTrue(Files.isExecutable(program), "libbpf_view.c does not compile here: " + output);
            view = program;
        }
        return view;
    }

    private static List<String> run(List<String> command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException e) {
            return List.of();
        }
        try {
            List<String> lines;
            try (BufferedReader reader = new BufferedReader(
                    new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                lines = reader.lines().toList();
            }
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError(command + " ran for more than a minute");
            }
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }

    /** The running kernel from the files it shows. */
    private static final class RunningKernelFiles implements KernelFacts {
        static final Path VMLINUX = Path.of("/sys/kernel/btf/vmlinux");
        private Btf btf;

        @Override
        public boolean has(Feature feature) {
            // New to libbpf 1.6 and the kernel: the only one that changes instructions.
            return feature != Feature.LDIMM64_FULL_RANGE_OFF;
        }

        @Override
        public Btf vmlinux() {
            if (btf == null) {
                try {
                    btf = BtfReader.read(VMLINUX.toString(), Files.readAllBytes(VMLINUX));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return btf;
        }

        @Override
        public List<Module> modules() {
            return List.of();
        }

        @Override
        public CandidateIndex coreTargets() {
            return new CandidateIndex(List.of(vmlinux()));
        }

        @Override
        public int version() {
            String[] numbers = release().split("[^0-9]+");
            return Integer.parseInt(numbers[0]) << 16 | Integer.parseInt(numbers[1]) << 8
                    | Math.min(Integer.parseInt(numbers[2]), 255);
        }

        private static String release() {
            try {
                return Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void kconfig(LineVisitor visitor) {
            Path plain = Path.of("/boot/config-" + release());
            try (InputStream in = Files.exists(plain) ? Files.newInputStream(plain)
                    : new GZIPInputStream(Files.newInputStream(Path.of("/proc/config.gz")));
                    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                String line = lines.readLine();
                while (line != null && visitor.line(line)) {
                    line = lines.readLine();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void kallsyms(SymbolVisitor visitor) {
            try (BufferedReader symbols = Files.newBufferedReader(Path.of("/proc/kallsyms"))) {
                for (String line = symbols.readLine(); line != null; line = symbols.readLine()) {
                    String[] fields = line.split("\\s+");
                    visitor.symbol(Long.parseUnsignedLong(fields[0], 16), fields[1].charAt(0), fields[2]);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
