package wasmbpf.wasm;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A valid module made from a seed: a handful of functions of every kind of type that call each other in every way, two
 * memories, three tables, globals, exception tags and types of the GC proposal. Exported: {@code f0}..., {@code g0}...
 * (globals), {@code m0}..., {@code t0}... Every loop iteration and call takes one from the global {@code fuel}; at zero the
 * program traps. Imports {@code host.numbers (i32) -> (i32)} and {@code host.values (i64 f64 v128 externref) -> (v128 f64)}.
 *
 * <p>What the specification leaves open is kept out: NaNs with open bits are replaced at once.
 */
final class RandomModule {
    static final int FUNCTIONS = 5;
    static final int IMPORTS = 2;
    static final int TABLES = 3;
    static final String GLOBALS = "ilfdvre";
    static final int FUEL = GLOBALS.length();
    /** Behind it, as many that never change. */
    static final int CONSTANTS = FUEL + 1;
    static final int TABLE_SIZE = 12;
    /** Tables of functions, of externref, of functions with 64-bit indices. */
    static final boolean[] TABLE64 = {false, false, true};

    final WasmEncoder encoder = new WasmEncoder();
    final Random random;
    /** By function index, imports first. */
    final List<String> signatures = new ArrayList<>(List.of("i:i", "ldve:vd"));
    final boolean[] memory64;
    final int[] tags = new int[3];
    static final String[] TAGS = {"i", "lfv", "ed"};
    /** Types: a struct (mut i32, mut i8, mut anyref), one below it with a mut f64, arrays of mut i16 and of mut anyref. */
    final int struct;
    final int subStruct;
    final int bytes;
    final int objects;

    RandomModule(long seed) {
        // Numbers close to each other begin alike.
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        encoder.importFunction("host", "numbers", "i:i");
        encoder.importFunction("host", "values", "ldve:vd");
        struct = encoder.rawType(1, 0x50, 0, 0x5F, 3, 0x7F, 1, 0x78, 1, 0x6E, 1);
        subStruct = encoder.rawType(1, 0x50, 1, struct, 0x5F, 4, 0x7F, 1, 0x78, 1, 0x6E, 1, 0x7C, 1);
        bytes = encoder.rawType(1, 0x5E, 0x77, 1);
        objects = encoder.rawType(1, 0x5E, 0x6E, 1);
        memory64 = new boolean[] {random.nextInt(4) == 0, random.nextBoolean()};
        for (boolean is64 : memory64) {
            // One in four is shared.
            int memory = encoder.memory((is64 ? 4 : 0) | (random.nextInt(4) == 0 ? 2 : 0), 1, 2);
            encoder.export("m" + memory, ExternKind.MEMORY, memory);
        }
        encoder.export("t0", ExternKind.TABLE, encoder.table('r', 0, TABLE_SIZE, TABLE_SIZE + 4));
        encoder.export("t1", ExternKind.TABLE, encoder.table('e', 0, TABLE_SIZE, TABLE_SIZE + 4));
        encoder.export("t2", ExternKind.TABLE, encoder.table('r', 4, TABLE_SIZE, TABLE_SIZE + 4));
        for (int i = 0; i < TAGS.length; i++) {
            tags[i] = encoder.tag(TAGS[i] + ":");
        }
        for (int i = 0; i < GLOBALS.length(); i++) {
            char type = GLOBALS.charAt(i);
            encoder.global(type, true, c -> RandomCode.constant(c, type, random));
            encoder.export("g" + i, ExternKind.GLOBAL, i);
        }
        encoder.export("fuel", ExternKind.GLOBAL, encoder.global('i', true, c -> c.op(OpBytes.I32_CONST, 0)));
        for (char type : GLOBALS.toCharArray()) {
            encoder.global(type, false, c -> RandomCode.constant(c, type, random));
        }
        String[] results = {"", "i", "l", letters(1), letters(1), letters(2), letters(3)};
        for (int i = 0; i < FUNCTIONS; i++) {
            signatures.add(letters(random.nextInt(5)) + ":" + results[random.nextInt(results.length)]);
        }
        for (int i = 0; i < FUNCTIONS; i++) {
            int function = IMPORTS + i;
            encoder.named("n" + i, signatures.get(function), code -> new RandomCode(this, function, code).body());
            encoder.export("f" + i, ExternKind.FUNC, function);
        }
        int[] all = new int[IMPORTS + FUNCTIONS];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
        }
        encoder.elements(0, all);
        encoder.elements(SegmentMode.PASSIVE, all);
        encoder.tableElements(2, true, all);
        byte[] data = new byte[400];
        random.nextBytes(data);
        encoder.passiveData(data);
        if (!memory64[0]) {
            encoder.data(0, data);
        }
    }

    String letters(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            // Mostly i32, as in real programs.
            text.append(random.nextInt(3) == 0 ? 'i' : GLOBALS.charAt(random.nextInt(GLOBALS.length())));
        }
        return text.toString();
    }

    String params(int function) {
        String signature = signatures.get(function);
        return signature.substring(0, signature.indexOf(':'));
    }

    String results(int function) {
        String signature = signatures.get(function);
        return signature.substring(signature.indexOf(':') + 1);
    }

    WasmModule module() {
        return encoder.module("random.wasm");
    }
}
