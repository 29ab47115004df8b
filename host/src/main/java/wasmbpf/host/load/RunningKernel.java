package wasmbpf.host.load;

/** What is known of the kernel objects are loaded into; each answer is found when it is first asked for. */
public final class RunningKernel {
    private final KernelFiles files;
    private Cpus cpus;

    RunningKernel(KernelFiles files) {
        this.files = files;
    }

    public synchronized Cpus cpus() {
        if (cpus == null) {
            cpus = Cpus.of(files);
        }
        return cpus;
    }

    public int pageSize() {
        return 4096;
    }
}
