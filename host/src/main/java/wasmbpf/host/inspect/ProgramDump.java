package wasmbpf.host.inspect;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfType;
import wasmbpf.core.BpfInsn;
import wasmbpf.core.BpfOpcode;
import wasmbpf.core.InsnBuffer;
import wasmbpf.core.InsnPrinter;
import wasmbpf.host.load.KernelBtf;
import wasmbpf.sys.BpfHelper;
import wasmbpf.sys.Fd;
import wasmbpf.sys.InfoStructs.ProgInfo;
import wasmbpf.sys.StructField;
import wasmbpf.sys.StructValue;

/** The instructions of a program in the kernel, with the lines of C they come from: bpftool's {@code prog dump}. */
public final class ProgramDump {
    private static final int NATIVE_LINE_BYTES = 16;

    /** A line of C: {@code struct bpf_line_info}. */
    private record Line(String source, String file, int number, int column) {
    }

    private final byte[] xlated;
    private final byte[] jited;
    private final long[] functionAddresses;
    private final int[] functionLengths;
    private final Map<Integer, String> prototypes = new HashMap<>();
    private final List<String> functionNames = new ArrayList<>();
    private final Map<Integer, Line> lines = new HashMap<>();
    private final KernelSymbols symbols;

    private ProgramDump(byte[] xlated, byte[] jited, long[] functionAddresses, int[] functionLengths, KernelSymbols symbols) {
        this.xlated = xlated;
        this.jited = jited;
        this.functionAddresses = functionAddresses;
        this.functionLengths = functionLengths;
        this.symbols = symbols;
    }

    /**
     * Reads all of it.
     *
     * @param fd stays the caller's
     * @throws wasmbpf.sys.SysException if the kernel does not tell (CAP_BPF, CAP_PERFMON)
     */
    public static ProgramDump of(KernelObjects objects, Fd fd) {
        try (Arena arena = Arena.ofConfined(); StructValue info = ProgInfo.STRUCT.allocate()) {
            objects.info(fd, info);
            int btfId = info.getInt(ProgInfo.BTF_ID);
            Buffers wanted = new Buffers(arena, info);
            MemorySegment xlated = wanted.of(ProgInfo.XLATED_PROG_INSNS, ProgInfo.XLATED_PROG_LEN, 1);
            MemorySegment jited = wanted.of(ProgInfo.JITED_PROG_INSNS, ProgInfo.JITED_PROG_LEN, 1);
            MemorySegment addresses = wanted.of(ProgInfo.JITED_KSYMS, ProgInfo.NR_JITED_KSYMS, 8);
            MemorySegment lengths = wanted.of(ProgInfo.JITED_FUNC_LENS, ProgInfo.NR_JITED_FUNC_LENS, 4);
            int functionSize = info.getInt(ProgInfo.FUNC_INFO_REC_SIZE);
            int lineSize = info.getInt(ProgInfo.LINE_INFO_REC_SIZE);
            MemorySegment functions = wanted.of(ProgInfo.FUNC_INFO, ProgInfo.NR_FUNC_INFO, functionSize);
            MemorySegment lineInfo = wanted.of(ProgInfo.LINE_INFO, ProgInfo.NR_LINE_INFO, lineSize);
            wanted.apply();
            info.set(ProgInfo.FUNC_INFO_REC_SIZE, functionSize).set(ProgInfo.LINE_INFO_REC_SIZE, lineSize);
            objects.info(fd, info);
            ProgramDump dump = new ProgramDump(given(xlated, info.get(ProgInfo.XLATED_PROG_INSNS)),
                    given(jited, info.get(ProgInfo.JITED_PROG_INSNS)), addresses.toArray(ValueLayout.JAVA_LONG),
                    lengths.toArray(ValueLayout.JAVA_INT), KernelSymbols.read());
            if (btfId != 0) {
                dump.describe(KernelBtf.byId(objects.kernel(), btfId), functions, functionSize, lineInfo, lineSize);
            }
            return dump;
        }
    }

    /** The kernel zeroes the pointers of what it does not tell. */
    private static byte[] given(MemorySegment buffer, long pointer) {
        return pointer == 0 ? new byte[0] : buffer.toArray(ValueLayout.JAVA_BYTE);
    }

    /** Room for everything that a first call has told the size of. */
    private static final class Buffers {
        private final Arena arena;
        private final StructValue info;
        private final Map<StructField, MemorySegment> wanted = new LinkedHashMap<>();
        private final Map<StructField, Long> counts = new LinkedHashMap<>();

        Buffers(Arena arena, StructValue info) {
            this.arena = arena;
            this.info = info;
        }

        MemorySegment of(StructField pointer, StructField count, int bytesEach) {
            long number = info.get(count);
            MemorySegment buffer = arena.allocate(number * bytesEach, 8);
            if (number > 0) {
                wanted.put(pointer, buffer);
                counts.put(count, number);
            }
            return buffer;
        }

        void apply() {
            info.clear();
            wanted.forEach(info::point);
            counts.forEach(info::set);
        }
    }

    private void describe(Btf btf, MemorySegment functions, int functionSize, MemorySegment lineInfo, int lineSize) {
        for (long at = 0; functionSize >= 8 && at + functionSize <= functions.byteSize(); at += functionSize) {
            int type = functions.get(ValueLayout.JAVA_INT, at + 4);
            if (type > 0 && type < btf.typeCount() && btf.type(type) instanceof BtfType.Func function) {
                prototypes.put(functions.get(ValueLayout.JAVA_INT, at), Prototype.of(btf, type));
                functionNames.add(function.name());
            }
        }
        for (long at = 0; lineSize >= 16 && at + lineSize <= lineInfo.byteSize(); at += lineSize) {
            int place = lineInfo.get(ValueLayout.JAVA_INT, at + 12);
            lines.put(lineInfo.get(ValueLayout.JAVA_INT, at), new Line(
                    btf.string(lineInfo.get(ValueLayout.JAVA_INT, at + 8)).stripLeading(),
                    btf.string(lineInfo.get(ValueLayout.JAVA_INT, at + 4)), place >>> 10, place & 0x3ff));
        }
    }

    /** The instructions as the verifier left them, 8 bytes each; empty if the kernel does not tell. */
    public byte[] xlated() {
        return xlated.clone();
    }

    /** The native code of all functions; empty if there is none or the kernel does not tell. */
    public byte[] jited() {
        return jited.clone();
    }

    /** Instructions as text. */
    public String text(boolean opcodes, boolean lineNumbers) {
        InsnBuffer code = InsnBuffer.of(xlated, ByteOrder.nativeOrder());
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < code.count(); i += code.isLdimm64(i) ? 2 : 1) {
            if (prototypes.containsKey(i)) {
                out.append(prototypes.get(i)).append(":\n");
            }
            Line line = lines.get(i);
            if (line != null) {
                out.append("; ").append(line.source());
                if (lineNumbers) {
                    out.append(" [file:").append(line.file()).append(" line_num:").append(line.number())
                            .append(" line_col:").append(line.column()).append(']');
                }
                out.append('\n');
            }
            out.append(String.format("%4d: ", i)).append(instruction(code, i)).append('\n');
            if (opcodes) {
                out.append("       ").append(MapText.hex(bytes(i, 1)))
                        .append(code.isLdimm64(i) ? " " + MapText.hex(bytes(i + 1, 1)) : "").append('\n');
            }
        }
        return out.toString();
    }

    private byte[] bytes(int insn, int count) {
        return Arrays.copyOfRange(xlated, insn * 8, Math.min(xlated.length, (insn + count) * 8));
    }

    /** Instructions as rows of bpftool's JSON. */
    public List<Object> rows(boolean opcodes, boolean lineNumbers) {
        InsnBuffer code = InsnBuffer.of(xlated, ByteOrder.nativeOrder());
        List<Object> rows = new ArrayList<>();
        for (int i = 0; i < code.count(); i += code.isLdimm64(i) ? 2 : 1) {
            Map<String, Object> row = new LinkedHashMap<>();
            if (prototypes.containsKey(i)) {
                row.put("proto", prototypes.get(i));
            }
            Line line = lines.get(i);
            if (line != null) {
                row.put("src", line.source());
                if (lineNumbers) {
                    if (!line.file().isEmpty()) {
                        row.put("file", line.file());
                    }
                    ObjectRows.unlessZero(row, "line_num", line.number());
                    ObjectRows.unlessZero(row, "line_col", line.column());
                }
            }
            row.put("disasm", instruction(code, i));
            if (opcodes) {
                row.put("opcodes", opcodes(code, i));
            }
            rows.add(row);
        }
        return rows;
    }

    private Map<String, Object> opcodes(InsnBuffer code, int i) {
        byte[] raw = bytes(i, code.isLdimm64(i) ? 2 : 1);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("code", String.format("0x%02x", code.opcode(i)));
        row.put("src_reg", "0x" + Integer.toHexString(code.src(i)));
        row.put("dst_reg", "0x" + Integer.toHexString(code.dst(i)));
        row.put("off", MapText.bytes(Arrays.copyOfRange(raw, 2, 4)));
        row.put("imm", MapText.bytes(Arrays.copyOfRange(raw, 4, raw.length)));
        return row;
    }

    private String instruction(InsnBuffer code, int i) {
        if (code.isLdimm64(i) && i + 1 < code.count()) {
            if (code.src(i) == BpfOpcode.BPF_PSEUDO_MAP_FD) {
                return "(18) r" + code.dst(i) + " = map[id:" + Integer.toUnsignedString(code.imm(i)) + "]";
            }
            if (code.src(i) == BpfOpcode.BPF_PSEUDO_MAP_VALUE) {
                return "(18) r" + code.dst(i) + " = map[id:" + Integer.toUnsignedString(code.imm(i)) + "][0]+"
                        + Integer.toUnsignedString(code.imm(i + 1));
            }
        } else if (code.isCall(i)) {
            return "(85) call " + call(code.insn(i));
        }
        return InsnPrinter.line(code, i);
    }

    /** The verifier has put the distance to the function in the place of the helper's number. */
    private String call(BpfInsn insn) {
        if (insn.src() == BpfOpcode.BPF_PSEUDO_CALL) {
            String pc = "pc" + (insn.off() < 0 ? "" : "+") + insn.off();
            if (functionAddresses.length == 0) {
                return pc;
            }
            if (insn.imm() >= 0 && insn.imm() < functionAddresses.length) {
                long address = functionAddresses[insn.imm()];
                String name = symbols.at(address);
                return pc + "#" + (name == null ? "0x" + Long.toHexString(address) : name);
            }
            return pc;
        }
        if (insn.src() == 0 && insn.imm() >= 0 && insn.imm() < BpfHelper.count()) {
            return "bpf_" + BpfHelper.name(insn.imm()) + "#" + insn.imm();
        }
        long address = symbols.callBase() + insn.imm();
        String name = symbols.callBase() == 0 ? null : symbols.at(address);
        return (name == null ? "0x" + Long.toHexString(address) : name) + "#" + insn.imm();
    }

    /** Native code in hex, function by function; bpftool disassembles it, which takes libbfd or LLVM. */
    public String nativeText() {
        StringBuilder out = new StringBuilder();
        eachFunction((name, address, from, to) -> {
            out.append(out.isEmpty() ? "" : "\n").append(name).append(":\n");
            for (int at = from; at < to; at += NATIVE_LINE_BYTES) {
                out.append(String.format("%4x:\t", at - from))
                        .append(HexFormat.ofDelimiter(" ").formatHex(jited, at, Math.min(to, at + NATIVE_LINE_BYTES))).append('\n');
            }
        });
        return out.toString();
    }

    /** The same as rows: {@code name}, {@code addr}, {@code code} in hex. */
    public List<Object> nativeRows() {
        List<Object> rows = new ArrayList<>();
        eachFunction((name, address, from, to) -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", name);
            row.put("addr", "0x" + Long.toHexString(address));
            row.put("code", HexFormat.of().formatHex(jited, from, to));
            rows.add(row);
        });
        return rows;
    }

    private interface FunctionVisitor {
        void function(String name, long address, int from, int to);
    }

    private void eachFunction(FunctionVisitor visitor) {
        int at = 0;
        int count = Math.max(1, functionLengths.length);
        for (int i = 0; i < count; i++) {
            int length = functionLengths.length == 0 ? jited.length : Math.min(functionLengths[i], jited.length - at);
            long address = i < functionAddresses.length ? functionAddresses[i] : 0;
            String name = symbols.at(address);
            visitor.function(name != null ? name : i < functionNames.size() ? functionNames.get(i) : "function " + i,
                    address, at, at + length);
            at += length;
        }
    }
}
