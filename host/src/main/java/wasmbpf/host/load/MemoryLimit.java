package wasmbpf.host.load;

import wasmbpf.host.load.KernelFeatures.Feature;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;

/**
 * RLIMIT_MEMLOCK, which bounds BPF memory on kernels before 5.11: libbpf {@code bump_rlimit_memlock}. Raised only once
 * the kernel has refused something, since newer kernels need it not and a container may not raise it.
 */
final class MemoryLimit {
    static final String ADVICE = "; this kernel counts BPF memory against RLIMIT_MEMLOCK, which could not be raised: "
            + "ulimit -l unlimited";

    private MemoryLimit() {
    }

    /** Whether the limit was raised just now, so that trying again makes sense. */
    static boolean raise(RunningKernel running) {
        Kernel kernel = running.kernel();
        if (!running.mayRaiseMemoryLimit()) {
            return false;
        }
        if (running.has(Feature.MEMCG_ACCOUNT)) {
            return false;
        }
        return kernel.setrlimit(Linux.RLIMIT_MEMLOCK, Linux.RLIM_INFINITY, Linux.RLIM_INFINITY) == 0;
    }

    /** Whether the kernel is of those that say EPERM when the limit is reached. */
    static boolean mayBeWhy(RunningKernel running) {
        return !running.has(Feature.MEMCG_ACCOUNT);
    }
}
