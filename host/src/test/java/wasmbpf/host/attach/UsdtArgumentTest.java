package wasmbpf.host.attach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsdtArgumentTest {
    /** Register offsets are those of struct pt_regs (x86) and user_pt_regs (arm64), include/uapi/asm/ptrace.h. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "amd64   | 8@%rdi                 | REGISTER       | 0     | 112 | 0  | 0 | false | 8",
        "amd64   | -4@%r14d               | REGISTER       | 0     | 8   | 0  | 0 | true  | 4",
        "amd64   | 1@%dil                 | REGISTER       | 0     | 112 | 0  | 0 | false | 1",
        "amd64   | -4@$-9                 | CONSTANT       | -9    | 0   | 0  | 0 | true  | 4",
        "amd64   | 8@$0xffffffffffffffff  | CONSTANT       | -1    | 0   | 0  | 0 | false | 8",
        "amd64   | -8@-64(%rbp)           | MEMORY         | -64   | 32  | 0  | 0 | true  | 8",
        "amd64   | 4@(%rsp)               | MEMORY         | 0     | 152 | 0  | 0 | false | 4",
        "amd64   | 1@-96(%rbp,%rax,8)     | INDEXED_MEMORY | -96   | 32  | 80 | 3 | false | 1",
        "amd64   | 8@(%rdx,%rcx)          | INDEXED_MEMORY | 0     | 96  | 88 | 0 | false | 8",
        "aarch64 | 8@x4                   | REGISTER       | 0     | 32  | 0  | 0 | false | 8",
        "aarch64 | -4@[sp, 60]            | MEMORY         | 60    | 248 | 0  | 0 | true  | 4",
        "aarch64 | 8@[x2]                 | MEMORY         | 0     | 16  | 0  | 0 | false | 8",
        "aarch64 | -4@5                   | CONSTANT       | 5     | 0   | 0  | 0 | true  | 4"})
    void readsEveryForm(String architecture, String text, UsdtArgument.Kind kind, long value, int register, int index,
                        int shift, boolean signed, int bytes) {
        assertEquals(List.of(new UsdtArgument(kind, value, register, index, shift, signed, bytes)),
                UsdtArgument.parseAll(text, architecture));
    }

    @Test
    void readsSeveralSomeWithSpacesInside() {
        assertEquals(List.of(UsdtArgument.Kind.REGISTER, UsdtArgument.Kind.MEMORY, UsdtArgument.Kind.CONSTANT),
                UsdtArgument.parseAll("8@x0 -4@[sp, 12] 4@1", "aarch64").stream().map(UsdtArgument::kind).toList());
        assertEquals(5, UsdtArgument.parseAll("8@%r13 -4@%r14d -8@-64(%rbp) 8@-56(%rbp) 1@%al", "amd64").size());
        assertEquals(List.of(), UsdtArgument.parseAll("", "amd64"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8@%xyz", "3@%rax", "8@symbol(%rip)", "8@16(%rip)", "rax", "8@%rax junk", "8@(%rax,%rbx,3)",
        "-4@", "8@$", "16@%xmm0", "8@%rax 8@%rax 8@%rax 8@%rax 8@%rax 8@%rax 8@%rax 8@%rax 8@%rax 8@%rax 8@%rax 8@%rax 8@%rax"})
    void refusesWhatItDoesNotUnderstand(String text) {
        assertThrows(IllegalArgumentException.class, () -> UsdtArgument.parseAll(text, "amd64"));
    }
}
