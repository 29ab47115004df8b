package wasmbpf.bench.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import wasmbpf.bench.Workload;

/**
 * {@code bench/table}: each workload on each engine, every pair in a process of its own, so that no engine's profile
 * disturbs another's; engines take turns within a workload, so that a busy minute hits all of them; the least of all
 * rounds counts.
 */
final class EngineTable {
    private EngineTable() {}

    public static void main(String[] args) throws Exception {
        Path tree = Path.of(System.getProperty("project.root", "."));
        TableOptions options;
        try {
            options = TableOptions.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println("table: " + e.getMessage() + " (bench/table --help)");
            System.exit(2);
            return;
        }
        List<Engine> engines = new ArrayList<>();
        for (Engine engine : Engines.all(tree)) {
            if (options.wants(options.engines(), engine.name())) {
                if (engine.missing() == null) {
                    engines.add(engine);
                } else {
                    System.err.println("SKIPPED " + engine.name() + ": " + engine.missing());
                }
            }
        }
        Path folder = options.folder() != null ? options.folder() : tree.resolve("bench/src/main/resources/wasmbpf/bench");
        List<Workload> workloads = Workload.parse(Files.readString(folder.resolve("workloads.tsv"))).stream()
                .filter(w -> options.wants(options.workloads(), w.name())).toList();
        Figures figures = new Figures(workloads, engines);
        for (int round = 0; round < options.rounds(); round++) {
            for (Workload workload : workloads) {
                for (Engine engine : engines) {
                    measure(figures, workload, engine, folder, options.seconds());
                }
                if (options.out() != null) {
                    Files.writeString(options.out(), figures.table());
                }
            }
        }
        System.out.print(figures.table());
        if (options.folder() == null && options.workloads().isEmpty()) {
            System.out.print("\n" + OtherTables.calls(tree, options.seconds()));
            System.out.print("\n" + OtherTables.modules(tree, options.seconds()));
        }
    }

    private static void measure(Figures figures, Workload workload, Engine engine, Path folder, double seconds)
            throws IOException, InterruptedException {
        try {
            double ms = engine.cpuMillis(workload, folder, seconds);
            figures.add(workload, engine, ms);
            System.err.println(workload.name() + ", " + engine.name() + ": " + Figures.number(ms) + " ms");
        } catch (Engine.Failure | IllegalStateException e) {
            figures.problem(workload, engine, e.getMessage());
            System.err.println(workload.name() + ", " + engine.name() + ": " + e.getMessage());
        }
    }
}
