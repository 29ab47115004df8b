package wasmbpf.bench.table;

import java.io.IOException;
import java.nio.file.Path;
import wasmbpf.bench.Workload;

/** A column of the table. */
interface Engine {
    /** As the column is headed. */
    String name();

    /** Too slow for whole workloads: {@link Workload#light} is run instead, and multiplied. */
    default boolean slow() {
        return false;
    }

    /** Null, or why this machine does not have it. */
    String missing();

    /**
     * The least CPU ms of a run of a workload, in a process of its own.
     *
     * @throws Failure if it does not run there, or gives another result than a native build
     */
    default double cpuMillis(Workload workload, Path folder, double seconds) throws IOException, InterruptedException {
        if (slow()) {
            return cpuMillis(workload, folder, workload.light(), seconds) * workload.lightFactor();
        }
        return cpuMillis(workload, folder, workload.argument(), seconds);
    }

    double cpuMillis(Workload workload, Path folder, int argument, double seconds)
            throws IOException, InterruptedException;

    /** It cannot run this workload: the cell is empty and the reason is printed below the table. */
    final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failure(String message) {
            super(message);
        }
    }
}
