package wasmbpf.core;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfExt;
import wasmbpf.btf.BtfReader;
import wasmbpf.elf.ElfFile;
import wasmbpf.elf.ElfReader;
import wasmbpf.elf.Section;
import wasmbpf.elf.Symbol;
import wasmbpf.elf.SymbolType;

/** An object of {@code src/test/resources/core}: as much of a loader as CO-RE needs. */
record TestObject(Btf btf, List<Program> programs) {
    /** @param firstRelo the number libbpf gives its first relocation: it counts by section */
    record Program(String name, InsnBuffer code, List<CoreRelo> relos, int firstRelo) {
    }

    private static final class Kernel {
        static final Btf BTF = BtfReader.read("vmlinux", unzip(resource("/oracle/vmlinux-6.18.44.btf.gz")));
    }

    /** The BTF of kernel 6.18.44, read once. */
    static Btf kernel() {
        return Kernel.BTF;
    }

    /** The types of {@code NAME.target.o}. */
    static Btf target(String name) {
        return BtfReader.ofElf(ElfReader.read(name, resource("/core/" + name + ".target.o")));
    }

    static TestObject read(String name) {
        return of(name, resource("/core/" + name + ".bpf.o"));
    }

    static TestObject of(String name, byte[] bytes) {
        ElfFile elf = ElfReader.read(name, bytes);
        Btf btf = BtfReader.ofElf(elf);
        BtfExt ext = BtfExt.ofElf(elf, btf).orElseThrow();
        List<Program> programs = new ArrayList<>();
        for (Section section : elf.sections()) {
            if (section.isExecutable() && section.size() > 0) {
                InsnBuffer code = InsnBuffer.of(section.bytes(), elf.order());
                List<BtfExt.CoreRelo> records = ext.coreRelos(section.name());
                for (Symbol symbol : functions(elf, section)) {
                    programs.add(program(symbol, code, records));
                }
            }
        }
        return new TestObject(btf, programs);
    }

    private static List<Symbol> functions(ElfFile elf, Section section) {
        return elf.symbols().stream()
                .filter(s -> s.type() == SymbolType.FUNC && s.sectionIndex() == section.index())
                .sorted((a, b) -> Long.compare(a.value(), b.value()))
                .toList();
    }

    private static Program program(Symbol symbol, InsnBuffer section, List<BtfExt.CoreRelo> records) {
        int from = (int) symbol.value() / InsnBuffer.SLOT_BYTES;
        int count = (int) symbol.size() / InsnBuffer.SLOT_BYTES;
        List<CoreRelo> relos = new ArrayList<>();
        int first = -1;
        for (int i = 0; i < records.size(); i++) {
            BtfExt.CoreRelo r = records.get(i);
            int insn = r.insnOffsetBytes() / InsnBuffer.SLOT_BYTES - from;
            if (insn >= 0 && insn < count) {
                first = first < 0 ? i : first;
                relos.add(new CoreRelo(insn, r.typeId(), r.accessString(), ReloKind.of(r.kind())));
            }
        }
        return new Program(symbol.name(), section.slice(from, count), relos, first);
    }

    /** Relocates all programs, in order, with one relocator; the reports by program name. */
    Map<String, ReloReport> relocate(CandidateIndex targets) {
        CoreRelocator relocator = new CoreRelocator(btf, targets);
        Map<String, ReloReport> reports = new LinkedHashMap<>();
        for (Program program : programs) {
            reports.put(program.name(), relocator.relocate(program.name(), program.code(), program.relos()));
        }
        return reports;
    }

    Program program(String name) {
        return programs.stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
    }

    static byte[] resource(String path) {
        try (InputStream in = TestObject.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalArgumentException("no test resource " + path);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] unzip(byte[] bytes) {
        try (InputStream in = new GZIPInputStream(new java.io.ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
