package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** A table in the embedder's hands: whatever it is given, a guest finds only what its type says. */
class WasmTableTest {
    private static final TableType TABLE = new TableType(ValType.FUNCREF, 2, true, 4, false);

    @Test
    void takesValuesOfItsTypeOnly() {
        WasmTable table = new WasmTable(TABLE, null);
        assertEquals("funcref wanted, given String text",
                assertThrows(IllegalArgumentException.class, () -> table.set(0, "text")).getMessage());
        assertEquals("funcref wanted, given String text",
                assertThrows(IllegalArgumentException.class, () -> table.grow(1, "text")).getMessage());
        assertThrows(IllegalArgumentException.class, () -> new WasmTable(TABLE, "text"));
        assertEquals(2, table.size());
    }

    @Test
    void growsUpToItsMaximum() {
        WasmTable table = new WasmTable(TABLE, null);
        assertEquals(-1, table.grow(3, null));
        assertEquals(-1, table.grow(-1, null));
        assertEquals(2, table.grow(2, null));
        assertNull(table.get(3));
        assertEquals(Trap.Kind.TABLE_OUT_OF_BOUNDS, assertThrows(Trap.class, () -> table.get(4)).kind());
    }
}
