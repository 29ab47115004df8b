package wasmbpf.bench.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The engines in Java beside each other in what no workload asks for: calls across the border, and start-up of modules. */
final class OtherTables {
    private static final List<String> CALLS = List.of("CALLBACK-NS", "COPY-NS", "HOST-NS");
    private static final List<String> STEPS = List.of("DECODE", "VALIDATE", "INSTANTIATE");

    private OtherTables() {}

    static String calls(Path tree, double seconds) throws IOException, InterruptedException {
        StringBuilder out = new StringBuilder("""
                CPU ns of a call

                | | guest's callback | the same, 168 bytes copied in before | host function called by a guest |
                |---|---:|---:|---:|
                """);
        Path module = tree.resolve("bench/src/main/resources/wasmbpf/bench/callback.wasm");
        for (JavaEngine engine : JavaEngine.values()) {
            List<String> cells = new ArrayList<>();
            try {
                Child child = Child.run(Engines.java(CallCost.class, engine, module, seconds));
                for (String what : CALLS) {
                    cells.add(Figures.number(Double.parseDouble(child.find("^" + what + " (.*)$"))));
                }
            } catch (Engine.Failure e) {
                cells.add(e.getMessage());
            }
            row(out, engine.name(), cells);
        }
        return out.toString();
    }

    static String modules(Path tree, double seconds) throws IOException, InterruptedException {
        StringBuilder out = new StringBuilder("""
                CPU ms, first of a JVM without AOT cache / least

                | | decode | decode, validate all | decode, instantiate |
                |---|---:|---:|---:|
                """);
        for (String module : List.of("examples/bootstrap/bootstrap.wasm", "bench/src/main/resources/wasmbpf/bench/large.wasm")) {
            for (JavaEngine engine : List.of(JavaEngine.INTERPRETED, JavaEngine.ENDIVE_INTERPRETED, JavaEngine.ENDIVE_COMPILED)) {
                List<String> cells = new ArrayList<>();
                try {
                    Child child = Child.run(Engines.java(ModuleCost.class, engine, tree.resolve(module), seconds));
                    for (String step : STEPS) {
                        cells.add(child.out().contains(step) ? cell(child.find("^" + step + " (.*)$")) : "");
                    }
                } catch (Engine.Failure e) {
                    cells.add(e.getMessage());
                }
                row(out, Path.of(module).getFileName() + ", " + engine.name(), cells);
            }
        }
        return out.toString();
    }

    private static String cell(String firstAndBest) {
        String[] ms = firstAndBest.split(" ");
        return Figures.number(Double.parseDouble(ms[0])) + " / " + Figures.number(Double.parseDouble(ms[1]));
    }

    private static void row(StringBuilder out, String name, List<String> cells) {
        out.append("| ").append(name.replace('_', ' ').toLowerCase(java.util.Locale.ROOT)).append(" | ")
                .append(String.join(" | ", cells)).append(" |\n");
    }
}
