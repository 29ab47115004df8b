package wasmbpf.wasm;

import static wasmbpf.wasm.OpBytes.*;

import java.util.List;

/** Random code on memories and tables. */
abstract class RandomStorage extends RandomWriter {
    RandomStorage(RandomModule module, int function, WasmEncoder.Code code) {
        super(module, function, code);
    }

    void sizes(char type) {
        int memory = pick(2);
        int table = pick(RandomModule.TABLES);
        if (chance(50)) {
            code.op(MEMORY_SIZE, memory);
            convert(module.memory64[memory] ? 'l' : 'i', type);
        } else {
            code.op(TABLE_SIZE, table);
            convert(RandomModule.TABLE64[table] ? 'l' : 'i', type);
        }
    }

    // Memories

    /** An address, mostly inside; then the immediates: log2 of the alignment, memory, offset. */
    long[] address(Opcode op) {
        int memory = chance(70) ? 0 : 1;
        boolean is64 = module.memory64[memory];
        boolean atomic = RandomOps.isAtomic(op);
        if (chance(4)) {
            value(is64 ? 'l' : 'i');
        } else {
            int at = chance(2) ? PAGE - pick(20) : pick(PAGE - 64);
            if (atomic && chance(90)) {
                at &= -16;
            }
            if (chance(50)) {
                code.op(is64 ? I64_CONST : I32_CONST, at);
            } else {
                // A sum, which the interpreter takes into the access.
                code.op(is64 ? I64_CONST : I32_CONST, at & ~0xFFF).op(LOCAL_GET, local(is64 ? 'l' : 'i'))
                        .op(is64 ? I64_CONST : I32_CONST, atomic ? 0xFF0 : 0xFFF).op(is64 ? I64_AND : I32_AND)
                        .op(is64 ? I64_ADD : I32_ADD);
            }
        }
        long align = atomic ? op.widthLog2() : pick(op.widthLog2() + 1);
        long offset = chance(1) ? chance(50) ? 0xFFFF_FFF0L : PAGE - 8 : atomic ? 16L * pick(3) : pick(20);
        return memory == 0 ? new long[] {align, offset} : new long[] {align | 0x40, memory, offset};
    }

    void access(Opcode op) {
        long[] immediates = address(op);
        String signature = op.signature();
        values(signature.substring(1, signature.indexOf(':')));
        if (op.immediates() == Imm.MEMARG_LANE) {
            immediates = java.util.Arrays.copyOf(immediates, immediates.length + 1);
            immediates[immediates.length - 1] = pick(16 >> op.widthLog2());
        }
        code.op(op.number(), immediates);
    }

    void load(char type) {
        List<Opcode> all = RandomOps.LOADS.get(type);
        access(all.get(pick(all.size())));
    }

    void bulkMemory() {
        int memory = pick(2);
        boolean is64 = module.memory64[memory];
        switch (pick(5)) {
            case 0 -> {
                small(is64, PAGE);
                value('i');
                small(is64, 200);
                code.op(MEMORY_FILL, memory);
            }
            case 1 -> {
                int from = pick(2);
                small(is64, PAGE);
                small(module.memory64[from], PAGE);
                small(is64 && module.memory64[from], 500);
                code.op(MEMORY_COPY, memory, from);
            }
            case 2 -> {
                small(is64, PAGE);
                small(false, 300);
                small(false, 90);
                code.op(MEMORY_INIT, 0, memory);
            }
            case 3 -> {
                if (chance(10)) {
                    code.op(DATA_DROP, 0);
                }
            }
            default -> {
                small(is64, 3);
                code.op(MEMORY_GROW, memory);
                convert(is64 ? 'l' : 'i', 'i');
                code.op(LOCAL_SET, local('i'));
            }
        }
    }

    // Tables

    /** An element of a table. */
    void tableIndex(int table) {
        small(RandomModule.TABLE64[table], RandomModule.TABLE_SIZE);
        code.op(TABLE_GET, table);
    }

    void bulkTable() {
        int table = pick(RandomModule.TABLES);
        boolean is64 = RandomModule.TABLE64[table];
        char type = table == 1 ? 'e' : 'r';
        switch (pick(6)) {
            case 0, 1 -> {
                small(is64, RandomModule.TABLE_SIZE);
                value(type);
                code.op(TABLE_SET, table);
            }
            case 2 -> {
                small(is64, RandomModule.TABLE_SIZE);
                value(type);
                small(is64, 3);
                code.op(TABLE_FILL, table);
            }
            case 3 -> {
                int from = table == 1 ? 1 : 2 * pick(2);
                small(is64, 10);
                small(RandomModule.TABLE64[from], 10);
                small(is64 && RandomModule.TABLE64[from], 3);
                code.op(TABLE_COPY, table, from);
            }
            case 4 -> {
                value(type);
                small(is64, 2);
                code.op(TABLE_GROW, table);
                convert(is64 ? 'l' : 'i', 'l');
                code.op(LOCAL_SET, local('l'));
            }
            default -> {
                if (table != 1) {
                    small(is64, 10);
                    small(false, 5);
                    small(false, 3);
                    code.op(TABLE_INIT, 1, table);
                } else if (chance(5)) {
                    code.op(ELEM_DROP, 1);
                }
            }
        }
    }
}
