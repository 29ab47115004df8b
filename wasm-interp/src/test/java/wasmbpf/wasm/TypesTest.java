package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Equality and subtyping of types, within a module and across modules. */
class TypesTest {
    /** A list node: {@code (rec (type (struct (field i32) (field (ref null self)))))} at the given index. */
    private static int node(WasmEncoder m, int self) {
        return m.rawType(1, 0x5F, 2, 0x7F, 0, 0x63, self, 0);
    }

    @Test
    void equalTypesOfDifferentModulesAreOneObject() {
        WasmEncoder a = new WasmEncoder();
        a.type("i:");
        a.type("il:f");
        node(a, 2);
        WasmEncoder b = new WasmEncoder();
        node(b, 0);
        b.type("il:f");
        ModuleTypes one = a.module("a").types();
        ModuleTypes two = b.module("b").types();
        assertSame(one.def(1), two.def(1));
        assertSame(one.def(2), two.def(0));
        assertNotSame(one.def(0), one.def(1));
        assertEquals(new FuncType(List.of(ValType.I32, ValType.I64), List.of(ValType.F32)), two.def(1).func());
    }

    @Test
    void equalTypesOfAModuleHaveOneCanonicalIndex() {
        WasmEncoder m = new WasmEncoder();
        m.rawType(1, 0x60, 1, 0x7F, 0);
        m.rawType(1, 0x60, 0, 0);
        m.rawType(1, 0x60, 1, 0x7F, 0);
        // Takes a reference to type 2, which is type 0.
        m.rawType(1, 0x60, 1, 0x64, 2, 0);
        ModuleTypes types = m.module("t").types();
        assertEquals(0, types.canonical(2));
        assertSame(types.def(0), types.def(2));
        assertEquals(TypeCode.ref(false, 0), types.params(3)[0]);
    }

    @Test
    void finalityAndTheGroupBelongToAType() {
        WasmEncoder m = new WasmEncoder();
        m.rawType(1, 0x5F, 0);
        m.rawType(1, 0x50, 0, 0x5F, 0);
        m.rawType(2, 0x4E, 2, 0x5F, 0, 0x5F, 0);
        m.rawType(1, 0x4E, 1, 0x5F, 0);
        ModuleTypes types = m.module("t").types();
        assertNotSame(types.def(0), types.def(1));
        assertNotSame(types.def(0), types.def(2));
        assertNotSame(types.def(2), types.def(3));
        assertSame(types.def(0), types.def(4));
    }

    @Test
    void declaredSubtypesAreFoundAtAnyDepth() {
        WasmEncoder m = new WasmEncoder();
        m.rawType(1, 0x50, 0, 0x5F, 0);
        m.rawType(1, 0x50, 1, 0, 0x5F, 0);
        m.rawType(1, 0x50, 1, 1, 0x5F, 1, 0x7F, 0);
        m.rawType(1, 0x50, 1, 0, 0x5F, 1, 0x7F, 0);
        ModuleTypes types = m.module("t").types();
        assertTrue(types.def(2).isSubtypeOf(types.def(0)));
        assertTrue(types.def(2).isSubtypeOf(types.def(2)));
        assertFalse(types.def(0).isSubtypeOf(types.def(2)));
        assertFalse(types.def(3).isSubtypeOf(types.def(1)));
        assertTrue(types.isSubtype(TypeCode.ref(false, 2), TypeCode.ref(true, 0)));
        assertFalse(types.isSubtype(TypeCode.ref(true, 2), TypeCode.ref(false, 0)));
        assertTrue(types.valType(TypeCode.ref(false, 2)).isSubtypeOf(ValType.STRUCTREF));
        assertTrue(ValType.NULLREF.isSubtypeOf(types.valType(TypeCode.ref(true, 2))));
        assertEquals(3, types.def(2).depth() + types.def(1).depth());
    }

    /** The hierarchies of section 3.3.3. */
    @ParameterizedTest
    @CsvSource({"NONE,I31,true", "NONE,STRUCT,true", "NONE,ARRAY,true", "I31,EQ,true", "STRUCT,EQ,true",
            "ARRAY,EQ,true", "EQ,ANY,true", "NONE,ANY,true", "ANY,EQ,false", "I31,STRUCT,false", "NO_FUNC,FUNC,true", "FUNC,ANY,false",
            "NO_EXTERN,EXTERN,true", "EXTERN,ANY,false", "NO_EXN,EXN,true", "NONE,FUNC,false", "EXN,EXN,true",
            "NO_FUNC,ANY,false"})
    void abstractTypesFormFourHierarchies(String sub, String sup, boolean expected)
            throws ReflectiveOperationException {
        int a = TypeCode.class.getField(sub).getInt(null);
        int b = TypeCode.class.getField(sup).getInt(null);
        assertEquals(expected, HeapType.isAbstractSubtype(a, b));
        ValType one = ValType.ref(false, HeapType.abstractType(a));
        assertEquals(expected, one.isSubtypeOf(ValType.ref(true, HeapType.abstractType(b))));
        assertEquals(expected, new ModuleTypes().isSubtype(TypeCode.ref(false, TypeCode.ABSTRACT | a),
                TypeCode.ref(false, TypeCode.ABSTRACT | b)));
    }

    @Test
    void valueTypesPrintAsInTheTextFormat() {
        assertEquals("(i32, externref) -> ((ref func))", new FuncType(List.of(ValType.I32, ValType.EXTERNREF),
                List.of(ValType.ref(false, HeapType.FUNC))).toString());
        assertEquals("nullfuncref", ValType.NULLFUNCREF.toString());
        assertEquals(ValType.FUNCREF, ValType.ref(true, HeapType.FUNC));
        assertNotEquals(ValType.FUNCREF, ValType.ref(false, HeapType.FUNC));
        assertEquals(ValType.FUNCREF.hashCode(), ValType.ref(true, HeapType.FUNC).hashCode());
    }

    @Test
    void hostTypesAreThoseOfModules() {
        WasmEncoder m = new WasmEncoder();
        m.type("ie:l");
        assertSame(m.module("t").types().def(0),
                DefType.of(new FuncType(List.of(ValType.I32, ValType.EXTERNREF), List.of(ValType.I64))));
    }
}
