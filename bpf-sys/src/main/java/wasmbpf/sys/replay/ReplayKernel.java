package wasmbpf.sys.replay;

import wasmbpf.sys.Kernel;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SystemCall;

/** Answers system calls from a recorded trace. */
public final class ReplayKernel implements Kernel {
    @Override
    public long call(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
        throw new UnsupportedOperationException("call " + call.kernelName());
    }
}
