package wasmbpf.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import wasmbpf.host.load.LoadedProgram;
import wasmbpf.sys.BpfAttrs;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;

/**
 * One run of a program by BPF_PROG_TEST_RUN.
 *
 * @param result        what it returned
 * @param packet        the packet as it left it; empty where there was none
 * @param durationNanos how long it took
 */
public record TestRun(int result, byte[] packet, int durationNanos) {
    /** Room for a packet that the program makes longer. */
    private static final int GROWTH = 512;

    static TestRun of(Kernel kernel, LoadedProgram program, byte[] packet, byte[] context) {
        try (Arena arena = Arena.ofConfined(); StructValue attr = BpfAttrs.TestRun.STRUCT.allocate()) {
            attr.set(BpfAttrs.TestRun.PROG_FD, program.fd());
            MemorySegment out = arena.allocate((long) packet.length + GROWTH, 8);
            if (packet.length > 0) {
                attr.point(BpfAttrs.TestRun.DATA_IN, packet).point(BpfAttrs.TestRun.DATA_OUT, out);
            }
            if (context.length > 0) {
                attr.point(BpfAttrs.TestRun.CTX_IN, context);
            }
            SysException.check("run " + program, kernel.bpf(BpfCommand.PROG_TEST_RUN, attr));
            long length = packet.length == 0 ? 0 : Math.min(attr.get(BpfAttrs.TestRun.DATA_SIZE_OUT), out.byteSize());
            return new TestRun(attr.getInt(BpfAttrs.TestRun.RETVAL), out.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE),
                    attr.getInt(BpfAttrs.TestRun.DURATION));
        }
    }
}
