package wasmbpf.host.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.host.object.LinkedProgram;
import wasmbpf.sys.BpfAttrs.MapCreate;
import wasmbpf.sys.BpfAttrs.MapElem;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.StructValue;

/**
 * The jump tables of one program as frozen BPF_MAP_TYPE_INSN_ARRAY maps, which the program keeps alive once it is
 * loaded: libbpf {@code create_jt_map}.
 */
final class JumpTables implements AutoCloseable {
    /** {@code struct bpf_insn_array_value}: u32 orig_off, xlated_off, jitted_off, and padding. */
    private static final int VALUE_BYTES = 16;

    private final Map<LinkedProgram.JumpTable, Fd> fds = new IdentityHashMap<>();

    private JumpTables() {
    }

    static JumpTables create(Kernel kernel, LinkedProgram program) {
        JumpTables tables = new JumpTables();
        try {
            for (LinkedProgram.JumpTable table : program.jumpTables()) {
                tables.fds.put(table, tables.create(kernel, program.program().name(), table.insnOffsets()));
            }
            return tables;
        } catch (RuntimeException e) {
            tables.close();
            throw e;
        }
    }

    private Fd create(Kernel kernel, String program, List<Integer> targets) {
        String operation = "create jump table of program \"" + program + "\"";
        int number;
        try (StructValue attr = MapCreate.STRUCT.allocate()) {
            attr.set(MapCreate.MAP_TYPE, BpfMapType.INSN_ARRAY.number()).set(MapCreate.KEY_SIZE, 4)
                    .set(MapCreate.VALUE_SIZE, VALUE_BYTES).set(MapCreate.MAX_ENTRIES, targets.size())
                    .set(MapCreate.MAP_NAME, ".jumptables");
            number = check(operation, kernel.bpf(BpfCommand.MAP_CREATE, attr));
        }
        Fd fd = Fd.of(kernel, number, operation);
        try (StructValue attr = MapElem.STRUCT.allocate()) {
            for (int i = 0; i < targets.size(); i++) {
                byte[] value = ByteBuffer.allocate(VALUE_BYTES).order(ByteOrder.nativeOrder()).putInt(targets.get(i))
                        .array();
                attr.clear().set(MapElem.MAP_FD, number).point(MapElem.KEY, new int[] {i}).point(MapElem.VALUE, value);
                check(operation, kernel.bpf(BpfCommand.MAP_UPDATE_ELEM, attr));
            }
            attr.clear().set(MapElem.MAP_FD, number);
            check(operation, kernel.bpf(BpfCommand.MAP_FREEZE, attr));
            return fd;
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    private static int check(String operation, int result) {
        if (result < 0) {
            throw LoadException.of(operation, -result, result == -Errno.EINVAL
                    ? "; this kernel has no indirect jumps; compile with -fno-jump-tables" : "");
        }
        return result;
    }

    int fd(LinkedProgram.JumpTable table) {
        return fds.get(table).number();
    }

    @Override
    public void close() {
        fds.values().forEach(Fd::close);
    }
}
