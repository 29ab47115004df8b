package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static wasmbpf.wasm.OpBytes.*;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Listings. Beyond these cases, the listings of the suite's modules were once read back by an independent assembler
 * (wabt 1.0.39, what it can parse: 2549 modules without garbage collection) and gave the same instructions.
 */
class DisassemblerTest {
    @Test
    void listsAFunctionWithPlacesAndNames() {
        WasmEncoder m = new WasmEncoder();
        int log = m.importFunction("env", "log", "i:");
        m.memory(1, -1);
        int f = m.named("main", "i:i", c -> c.locals("ll").op(BLOCK, -1).op(I32_CONST, -7).op(LOCAL_GET, 0).op(BR_IF, 0)
                .op(I32_LOAD8_U, 0, 16).op(END).op(IF, -0x40).op(I32_CONST, 1).op(CALL, log).op(ELSE).op(NOP).op(END)
                .op(I32_CONST, 0).op(I64_LOAD, 2, 0).op(DROP).op(F32_CONST, 0x7FC00000).op(DROP).op(I32_CONST, 4));
        assertEquals("""
                  (func (;1;) (;"main";) (type 1)
                    (local i64 i64)
                    (;0x31;) block (result i32) (;@1;)
                    (;0x33;)   i32.const -7
                    (;0x35;)   local.get 0
                    (;0x37;)   br_if 0 (;@1;)
                    (;0x39;)   i32.load8_u offset=16
                    (;0x3c;) end
                    (;0x3d;) if (;@1;)
                    (;0x3f;)   i32.const 1
                    (;0x41;)   call 0 (;"env.log";)
                    (;0x43;) else
                    (;0x44;)   nop
                    (;0x45;) end
                    (;0x46;) i32.const 0
                    (;0x48;) i64.load align=4
                    (;0x4b;) drop
                    (;0x4c;) f32.const nan:0x400000
                    (;0x51;) drop
                    (;0x52;) i32.const 4
                  )
                """, Disassembler.printFunction(m.module("t"), f));
    }

    @Test
    void listsDeclarationsAndSegments() {
        WasmEncoder m = new WasmEncoder();
        int log = m.importFunction("env", "log", "il:i");
        m.importGlobal("env", "base", 'l', true);
        m.rawType(2, 0x4E, 2, 0x50, 0, 0x5F, 2, 0x78, 1, 0x63, 2, 0, 0x50, 1, 1, 0x5F, 2, 0x78, 1, 0x64, 2, 0);
        m.table('r', 2, 5);
        m.memory(2, 1, 2);
        m.global('i', false, c -> c.op(I32_CONST, 9));
        m.data(3, new byte[] {'a', '"', 0, (byte) 0xFF}).passiveData(new byte[] {'x'}).elements(1, log, log)
                .export("a\u202e\n", ExternKind.FUNC, log);
        assertEquals("""
                (module (;"t";)
                  (type (;0;) (func (param i32 i64) (result i32)))
                  (rec
                    (type (;1;) (sub (struct (field (mut i8)) (field (ref null 2)))))
                    (type (;2;) (sub 1 (struct (field (mut i8)) (field (ref 2)))))
                  )
                  (import "env" "log" (func (;0;) (type 0)))
                  (import "env" "base" (global (;0;) (mut i64)))
                  (table (;0;) 2 5 funcref)
                  (memory (;0;) 1 2 shared)
                  (global (;1;) i32 i32.const 9)
                  (export "a\\u{202e}\\u{a}" (func 0))
                  (elem (;0;) (table 0) (offset i32.const 1) func 0 0)
                  (data (;0;) (offset i32.const 3) "a\\22\\00\\ff")
                  (data (;1;) "x")
                )
                """, Disassembler.print(m.module("t")));
    }

    @Test
    void numbersBlocksForLabels() {
        WasmEncoder m = new WasmEncoder();
        int tag = m.tag(":");
        int f = m.function(":", c -> c.op(BLOCK, -64).op(LOOP, -64).op(TRY_TABLE, -64, 0, tag, 1).op(I32_CONST, 0)
                .op(BR_TABLE, 0, 1, 2, 3).op(END).op(END).op(END).op(TRY, -64).op(CATCH_ALL).op(RETHROW, 0).op(END));
        assertEquals("""
                  (func (;0;) (type 0)
                    (;0x1c;) block (;@1;)
                    (;0x1e;)   loop (;@2;)
                    (;0x20;)     try_table (catch 0 1 (;@1;)) (;@3;)
                    (;0x26;)       i32.const 0
                    (;0x28;)       br_table 0 (;@3;) 1 (;@2;) 2 (;@1;) 3 (;@0;)
                    (;0x2e;)     end
                    (;0x2f;)   end
                    (;0x30;) end
                    (;0x31;) try (;@1;)
                    (;0x33;) catch_all
                    (;0x34;)   rethrow 0 (;@1;)
                    (;0x36;) end
                  )
                """, Disassembler.printFunction(m.module("t"), f));
    }

    @Test
    void showsSourceLines() throws IOException {
        WasmModule module = WasmModule.decode("divide.wasm", DwarfTest.resource("divide-O2-v5.wasm"));
        String text = Disassembler.printFunction(module, 1);
        assertTrue(text.contains("    ;; /src/divide.c:17:12\n    (;0x69;) local.get 0\n"), text);
    }

    @Test
    void saysWhereABodyIsNone() {
        WasmEncoder m = new WasmEncoder();
        int early = m.function(":", c -> c.op(END).op(NOP));
        int late = m.function(":", c -> c.op(BLOCK, -64));
        int unknown = m.function(":", c -> c.raw(0xFC, 0x63));
        WasmModule module = m.module("t");
        assertEquals("""
                  (func (;0;) (type 0)
                    (; not valid: 2 more bytes at 0x1a;)
                  )
                """, Disassembler.printFunction(module, early));
        assertEquals("""
                  (func (;1;) (type 0)
                    (;0x1e;) block (;@1;)
                    (;0x20;) end
                    (; not valid: the function has no end;)
                  )
                """, Disassembler.printFunction(module, late));
        assertEquals("t: function 2 at 0x23: illegal opcode 0xfc 0x63", assertThrows(MalformedException.class,
                () -> Disassembler.printFunction(module, unknown)).getMessage());
    }

    @Test
    void namesCannotEndTheirComment() {
        WasmEncoder m = new WasmEncoder();
        int f = m.named(";) evil (; \u001b[2J", ":", c -> { });
        assertEquals("""
                  (func (;0;) (;"; ) evil ( ; \\u{1b}[2J";) (type 0)
                  )
                """, Disassembler.printFunction(m.module("t"), f));
    }

    @Test
    void listsEveryModuleOfTheSuite() throws IOException {
        List<String> failures = new ArrayList<>();
        int listed = 0;
        try (SpecSuite suite = SpecSuite.open()) {
            for (SpecSuite.Script script : suite.scripts()) {
                for (Map<String, Object> command : script.commands()) {
                    if (!"module".equals(command.get("type")) || script.group().equals("custom-descriptors")) {
                        continue;
                    }
                    WasmModule module = WasmModule.decode((String) command.get("filename"),
                            script.module((String) command.get("filename")));
                    String text = Disassembler.print(module);
                    long functions = text.lines().filter(line -> line.startsWith("  (func ")).count();
                    if (functions != module.functionCount() - module.importedFunctionCount()) {
                        failures.add(script + " " + module.name());
                    }
                    listed++;
                }
            }
        }
        assertEquals(List.of(), failures);
        assertTrue(listed > 2000, "listed " + listed);
    }
}
