package wasmbpf.sys;

import org.junit.jupiter.api.Assumptions;

/** The running kernel for tests that need one; aborts them with a printed reason where bpf(2) is not to be had. */
public final class TestKernel {
    private TestKernel() {}

    public static Kernel open() {
        Kernel kernel = LinuxKernel.open();
        try (StructValue attr = BpfAttrs.MapCreate.STRUCT.allocate()) {
            attr.set(BpfAttrs.MapCreate.MAP_TYPE, BpfMapType.ARRAY.number()).set(BpfAttrs.MapCreate.KEY_SIZE, 4)
                    .set(BpfAttrs.MapCreate.VALUE_SIZE, 4).set(BpfAttrs.MapCreate.MAX_ENTRIES, 1);
            int fd = kernel.bpf(BpfCommand.MAP_CREATE, attr);
            if (fd < 0) {
                String reason = "skipped: bpf(MAP_CREATE) gives " + Errno.name(-fd) + " here";
                System.out.println(reason);
                Assumptions.abort(reason);
            }
            kernel.close(fd);
        }
        return kernel;
    }
}
