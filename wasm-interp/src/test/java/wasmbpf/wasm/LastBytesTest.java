package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Accesses around the end of a memory, before and after it grows: compiled code checks those that end near their address, those
 * that end within a page of it, and others each in a way of its own.
 */
class LastBytesTest {
    private static final int PAGE = 65536;
    private static final List<Integer> OFFSETS =
            List.of(0, 1, 48, 49, 55, 56, 57, 62, 63, 64, 65, 100, 4087, 4088, 4089, 4095, 4096, 4097, 10_000);

    /** Of each offset a load of a byte, a load of eight, a store of eight, and all three of one address. */
    private static WasmModule module() {
        WasmEncoder encoder = new WasmEncoder();
        encoder.memory(1, 2);
        for (int offset : OFFSETS) {
            encoder.export("byte" + offset, ExternKind.FUNC, encoder.function("i:i", c -> c.op(OpBytes.LOCAL_GET, 0)
                    .op(OpBytes.I32_LOAD8_U, 0, offset)));
            encoder.export("long" + offset, ExternKind.FUNC, encoder.function("i:l", c -> c.op(OpBytes.LOCAL_GET, 0)
                    .op(OpBytes.I64_LOAD, 0, offset)));
            encoder.export("store" + offset, ExternKind.FUNC, encoder.function("il:", c -> c.op(OpBytes.LOCAL_GET, 0)
                    .op(OpBytes.LOCAL_GET, 1).op(OpBytes.I64_STORE, 0, offset)));
            encoder.export("two" + offset, ExternKind.FUNC, encoder.function("i:i", c -> c.op(OpBytes.LOCAL_GET, 0)
                    .op(OpBytes.I32_LOAD8_U, 0, 0).op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_LOAD8_U, 0, offset).op(OpBytes.I32_ADD)));
        }
        return encoder.module("end.wasm");
    }

    private static byte at(long address) {
        return (byte) (address * 31 + (address >> 8));
    }

    private static void run(Tier tier) {
        try (Instance instance = Instance.instantiate(module(), new ImportLinker(), InstanceOptions.DEFAULT.withTier(tier))) {
            LinearMemory memory = instance.memory(0);
            around(instance, memory);
            memory.grow(1);
            around(instance, memory);
        }
    }

    private static void around(Instance instance, LinearMemory memory) {
        int size = (int) memory.sizeBytes();
        for (int i = 0; i < size; i++) {
            memory.putByte(i, at(i));
        }
        for (int offset : OFFSETS) {
            for (int address = size - offset - 80; address <= size - offset + 2; address++) {
                check(instance, memory, offset, address);
            }
            for (int address : List.of(size - 1, size, size + 1, -1, -offset, Integer.MIN_VALUE, Integer.MAX_VALUE)) {
                check(instance, memory, offset, address);
            }
        }
    }

    private static void check(Instance instance, LinearMemory memory, int offset, int address) {
        long from = (address & 0xFFFFFFFFL) + offset;
        long size = memory.sizeBytes();
        expect(from + 1 <= size, from, 1, size, () -> assertEquals(at(from) & 0xFF, call(instance, "byte" + offset, address)));
        expect(from + 8 <= size, from, 8, size, () -> assertEquals(memory.getLong(from), call(instance, "long" + offset, address)));
        long first = address & 0xFFFFFFFFL;
        if (first < size) {
            expect(from + 1 <= size, from, 1, size, () -> assertEquals((at(first) & 0xFF) + (at(from) & 0xFF),
                    call(instance, "two" + offset, address)));
        }
        long before = from + 8 <= size ? memory.getLong(from) : 0;
        expect(from + 8 <= size, from, 8, size, () -> {
            instance.exportedFunction("store" + offset).invoke(address, ~before);
            assertEquals(~before, memory.getLong(from));
            memory.putLong(from, before);
        });
    }

    private static long call(Instance instance, String function, int address) {
        return instance.exportedFunction(function).invoke(address)[0];
    }

    private static void expect(boolean inBounds, long from, int bytes, long size, Runnable access) {
        if (inBounds) {
            access.run();
        } else {
            assertEquals("out of bounds memory access: " + bytes + " bytes at 0x" + Long.toHexString(from) + " of " + size,
                    assertThrows(Trap.class, access::run).getMessage());
        }
    }

    @Test
    void interpreted() {
        run(null);
    }

    @Test
    void compiled() {
        run(JvmTier.always());
    }
}
