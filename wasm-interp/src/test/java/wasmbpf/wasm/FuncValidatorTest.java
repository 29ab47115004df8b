package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static wasmbpf.wasm.OpBytes.*;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What validation tells a translator, and how it words what is wrong. */
class FuncValidatorTest {
    private static final int EMPTY = -0x40;
    private static final int GIVES_I32 = -1;

    /** One line an instruction: mnemonic, height, whether it can be reached. */
    private static List<String> trace(WasmModule module, int function) {
        List<String> lines = new ArrayList<>();
        new FuncValidator(module).validate(function, at -> lines.add(Opcode.of(at.op()).mnemonic() + " " + at.height()
                + (at.reachable() ? "" : " dead") + results(at)));
        return lines;
    }

    private static String results(FuncValidator at) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < at.resultCount(); i++) {
            text.append(i == 0 ? " -> " : " ").append(ModuleTypes.text(at.resultType(i)));
        }
        return text.toString();
    }

    @Test
    void tellsHeightsBelowTheOperandsAndResults() {
        WasmEncoder m = new WasmEncoder();
        int f = m.function("il:l", c -> c.op(LOCAL_GET, 0).op(IF, -2).op(LOCAL_GET, 1).op(I64_CONST, 7).op(I64_ADD)
                .op(ELSE).op(I64_CONST, 1).op(RETURN).op(END));
        assertEquals(List.of("local.get 0 -> i32", "if 0", "local.get 0 -> i64", "i64.const 1 -> i64",
                "i64.add 0 -> i64", "else 0", "i64.const 0 -> i64", "return 0", "end 0 dead -> i64", "end 0 -> i64"),
                trace(m.module("t"), f));
    }

    @Test
    void branchOperandsCountAsPopped() {
        WasmEncoder m = new WasmEncoder();
        int f = m.function("i:i", c -> c.op(BLOCK, GIVES_I32).op(I32_CONST, 1).op(I32_CONST, 2).op(LOCAL_GET, 0)
                .op(BR_IF, 0).op(DROP).op(LOCAL_GET, 0).op(BR_TABLE, 0, 0, 1).op(END));
        assertEquals(List.of("block 0", "i32.const 0 -> i32", "i32.const 1 -> i32", "local.get 2 -> i32",
                "br_if 1 -> i32", "drop 1", "local.get 1 -> i32", "br_table 0", "end 0 dead -> i32", "end 0 -> i32"),
                trace(m.module("t"), f));
    }

    @Test
    void blocksInDeadCodeAreDead() {
        WasmEncoder m = new WasmEncoder();
        int f = m.function(":", c -> c.op(UNREACHABLE).op(LOOP, EMPTY).op(NOP).op(END).op(NOP));
        assertEquals(List.of("unreachable 0", "loop 0 dead", "nop 0 dead", "end 0 dead", "nop 0 dead", "end 0 dead"),
                trace(m.module("t"), f));
    }

    @Test
    void immediatesAreThereForTheSink() {
        WasmEncoder m = new WasmEncoder();
        m.memory(1, 1);
        int f = m.function(":", c -> c.op(I32_CONST, -5).op(I64_CONST, Long.MIN_VALUE)
                .op(I64_STORE, 3, 0xFFFFFFFFL).op(F32_CONST, 0x80000000L).op(DROP).op(F64_CONST, -1L).op(DROP)
                .op(V128_CONST, 1, 2).op(I32_CONST, 0).op(I8X16_REPLACE_LANE, 15).op(DROP));
        List<String> seen = new ArrayList<>();
        new FuncValidator(m.module("t")).validate(f, at -> {
            switch (at.op()) {
                case I32_CONST, I64_CONST, F32_CONST, F64_CONST -> seen.add(Long.toString(at.value()));
                case V128_CONST -> seen.add(at.value() + " " + at.valueHigh());
                case I64_STORE -> seen.add(at.a() + " " + at.b() + " " + at.value());
                case I8X16_REPLACE_LANE -> seen.add("lane " + at.c());
                case DROP -> seen.add(ModuleTypes.text(at.operandType()));
                default -> {
                }
            }
        });
        assertEquals(List.of("-5", Long.toString(Long.MIN_VALUE), "0 3 4294967295", "2147483648", "f32", "-1", "f64",
                "1 2", "0", "lane 15", "v128"), seen);
    }

    @Test
    void tryTableClausesCountFromOutsideTheBlock() {
        WasmEncoder m = new WasmEncoder();
        int tag = m.tag("i:");
        int f = m.function(":i", c -> c.op(BLOCK, GIVES_I32).op(TRY_TABLE, GIVES_I32, 0, tag, 0).op(I32_CONST, 1)
                .op(THROW, tag).op(END).op(END));
        List<String> seen = new ArrayList<>();
        new FuncValidator(m.module("t")).validate(f, at -> {
            if (at.op() == TRY_TABLE) {
                seen.add(at.catchCount() + ": " + at.catchKind(0) + " " + at.catchTag(0) + " " + at.catchLabel(0) + " "
                        + Opcode.of(at.frameOp(0)) + " " + Opcode.of(at.frameOp(1 + at.catchLabel(0))));
            }
        });
        assertEquals(List.of("1: 0 0 0 TRY_TABLE BLOCK"), seen);
    }

    private static String message(String signature, Consumer<WasmEncoder.Code> body) {
        WasmEncoder m = new WasmEncoder();
        m.importFunction("env", "log", "i:");
        m.named("main", signature, body);
        WasmModule module = m.module("bootstrap.wasm");
        return assertThrows(WasmException.class, module::validate).getMessage();
    }

    @Test
    void messagesSayWhereAndWhatWasExpected() {
        assertEquals("bootstrap.wasm: function 1 \"main\" at 0x34: type mismatch: i32.add expects i32, found f64",
                message(":i", c -> c.op(I32_CONST, 1).op(F64_CONST, 0).op(I32_ADD)));
        assertEquals("bootstrap.wasm: function 1 \"main\" at 0x29: type mismatch: i32.add expects i32, found nothing",
                message(":i", c -> c.op(I32_ADD)));
        assertEquals("bootstrap.wasm: function 1 \"main\" at 0x25: local.set: unknown local 3; there are 1",
                message("i:", c -> c.op(LOCAL_SET, 3)));
        assertEquals("bootstrap.wasm: function 1 \"main\" at 0x25: illegal opcode 0x27",
                message("i:", c -> c.raw(0x27)));
        assertEquals("bootstrap.wasm: function 1 \"main\" at 0x2a: type mismatch: end expects [], found 1 more "
                + "operands below, the last of type i32", message(":", c -> c.op(I32_CONST, 1)));
        assertEquals("bootstrap.wasm: function 1 \"main\" at 0x25: call: unknown function 9; there are 2",
                message("i:", c -> c.op(CALL, 9)));
    }

    @Test
    void exceptionsTellTheOffset() {
        WasmEncoder m = new WasmEncoder();
        m.function(":", c -> c.op(NOP).op(DROP));
        WasmModule module = m.module("t");
        InvalidException e = assertThrows(InvalidException.class, module::validate);
        assertEquals(module.bodyStart(0) + 2, e.offset());
    }
}
