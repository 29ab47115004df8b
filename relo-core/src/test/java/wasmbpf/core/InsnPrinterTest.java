package wasmbpf.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.IntFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;

class InsnPrinterTest {
    /** From the kernel's own enum bpf_func_id, whose values are numbered in order. */
    private static final IntFunction<String> HELPERS = number -> {
        Btf kernel = TestObject.kernel();
        int ids = kernel.find(BtfKind.ENUM, "bpf_func_id");
        return number < kernel.vlen(ids) - 1
                ? kernel.string(kernel.enumeratorNameOffset(ids, number)).replace("BPF_FUNC_", "bpf_")
                : "unknown";
    };

    @Test
    void printsEveryInstructionAsTheKernelDoes() {
        StringBuilder expected = new StringBuilder();
        StringBuilder printed = new StringBuilder();
        String rows = new String(TestObject.resource("/core/disasm.expected"), StandardCharsets.UTF_8);
        for (String row : rows.split("\n")) {
            String hex = row.substring(0, row.indexOf(' '));
            InsnBuffer code = InsnBuffer.of(HexFormat.of().parseHex(hex), ByteOrder.LITTLE_ENDIAN);
            // The kernel has an address where a map or function is meant, and prints that.
            if (!code.isLdimm64(0) || code.src(0) == 0) {
                expected.append(row).append('\n');
                printed.append(hex).append(' ').append(InsnPrinter.line(code, 0, HELPERS)).append('\n');
            }
        }
        assertEquals(expected.toString(), printed.toString());
    }

    @Test
    void numbersSlotsAsTheVerifierDoes() {
        InsnBuffer code = InsnBuffer.of(
                BpfInsn.mov64Reg(6, 1),
                BpfInsn.imm64Low(1, BpfOpcode.BPF_PSEUDO_MAP_VALUE, 7), BpfInsn.imm64High(16L << 32),
                BpfInsn.imm64Low(2, 0, 0x1234_5678_9abc_def0L), BpfInsn.imm64High(0x1234_5678_9abc_def0L),
                BpfInsn.call(1),
                BpfInsn.exit());
        assertEquals("""
                   0: (bf) r6 = r1
                   1: (18) r1 = map[fd:7][0]+16
                   3: (18) r2 = 0x123456789abcdef0
                   5: (85) call #1
                   6: (95) exit
                """, InsnPrinter.print(code));
    }

    @Property
    void anyBytesArePrinted(@ForAll @Size(max = 64) byte[] bytes) {
        InsnBuffer code = InsnBuffer.of(java.util.Arrays.copyOf(bytes, bytes.length / 8 * 8), ByteOrder.LITTLE_ENDIAN);
        assertEquals(code.count() == 0, InsnPrinter.print(code).isEmpty());
    }
}
