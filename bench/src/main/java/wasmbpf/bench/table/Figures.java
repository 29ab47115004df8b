package wasmbpf.bench.table;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import wasmbpf.bench.Workload;

/** What was measured so far, and the table of it. */
final class Figures {
    /** The requirements speak of these: integer mix, calls, hashing, bytes, doubles, calls through a table. */
    private static final int FIRST = 6;

    private final List<Workload> workloads;
    private final List<Engine> engines;
    private final Map<String, Double> least = new LinkedHashMap<>();
    private final Map<String, String> problems = new LinkedHashMap<>();

    Figures(List<Workload> workloads, List<Engine> engines) {
        this.workloads = workloads;
        this.engines = engines;
    }

    void add(Workload workload, Engine engine, double cpuMillis) {
        least.merge(key(workload, engine.name()), cpuMillis, Math::min);
    }

    void problem(Workload workload, Engine engine, String reason) {
        problems.put(engine.name() + ", " + workload.name(), reason);
    }

    private static String key(Workload workload, String engine) {
        return workload.name() + " " + engine;
    }

    private double get(Workload workload, String engine) {
        return least.getOrDefault(key(workload, engine), Double.NaN);
    }

    /** Of the ratios of two engines, over the workloads that both ran; NaN if there is none. */
    double geometricMean(String engine, String yardstick, int workloadCount) {
        double logs = 0;
        int n = 0;
        for (Workload w : workloads.subList(0, Math.min(workloadCount, workloads.size()))) {
            double ratio = get(w, engine) / get(w, yardstick);
            if (!Double.isNaN(ratio)) {
                logs += Math.log(ratio);
                n++;
            }
        }
        return n == 0 ? Double.NaN : Math.exp(logs / n);
    }

    String table() {
        StringBuilder out = new StringBuilder();
        out.append("CPU ms of one run, warm; in brackets the ratio to native\n\n");
        row(out, "", engines.stream().map(Engine::name).toList());
        row(out, "---", engines.stream().map(e -> "---:").toList());
        for (Workload w : workloads) {
            row(out, w.name(), engines.stream().map(e -> cell(w, e)).toList());
        }
        row(out, "mean of the first " + Math.min(FIRST, workloads.size()), engines.stream().map(e -> ratio(e, FIRST)).toList());
        row(out, "mean of all", engines.stream().map(e -> ratio(e, workloads.size())).toList());
        problems.forEach((where, reason) -> out.append("\n- ").append(where).append(": ").append(reason));
        engines.stream().filter(Engine::slow).forEach(e -> out.append("\n- ").append(e.name())
                .append(": from a smaller argument, multiplied"));
        return out.append("\n\n").append(comparisons()).toString();
    }

    private String cell(Workload workload, Engine engine) {
        double ms = get(workload, engine.name());
        double ratio = ms / get(workload, "native");
        return Double.isNaN(ms) ? "-"
                : Double.isNaN(ratio) || engine.name().equals("native") ? number(ms) : number(ms) + " (" + number(ratio) + ")";
    }

    private String ratio(Engine engine, int count) {
        double mean = geometricMean(engine.name(), "native", count);
        return Double.isNaN(mean) ? "-" : number(mean);
    }

    /** Three digits that count. */
    static String number(double x) {
        return String.format(Locale.ROOT, x < 9.95 ? "%.2f" : x < 99.5 ? "%.1f" : "%.0f", x);
    }

    private static void row(StringBuilder out, String first, List<String> cells) {
        out.append("| ").append(first).append(" | ").append(String.join(" | ", cells)).append(" |\n");
    }

    /** Engine by engine, what the project wants to hold. */
    private String comparisons() {
        StringBuilder out = new StringBuilder();
        for (Workload w : workloads) {
            for (String ours : List.of("compiled", "auto")) {
                if (get(w, ours) >= get(w, "Endive-c")) {
                    out.append("SLOWER than Endive's compiler: ").append(w.name()).append(", ").append(ours).append(" tier\n");
                }
            }
        }
        wanted(out, "compiled to native, first six", geometricMean("compiled", "native", FIRST), 1.8);
        wanted(out, "auto to native, first six", geometricMean("auto", "native", FIRST), 1.8);
        workloads.stream().filter(w -> w.name().equals("snprintf")).forEach(
                w -> wanted(out, "compiled to native, snprintf", get(w, "compiled") / get(w, "native"), 4));
        wanted(out, "interpreter to Endive's, all", geometricMean("interp.", "Endive-i", workloads.size()), 1 / 12.0);
        wanted(out, "interpreter to wasm3, first six", geometricMean("interp.", "wasm3", FIRST), 1.2);
        return out.toString();
    }

    private static void wanted(StringBuilder out, String what, double ratio, double most) {
        if (!Double.isNaN(ratio)) {
            out.append(String.format(Locale.ROOT, "%s %s: %.3f, at most %.3f wanted%n", ratio <= most ? "holds:" : "MISSED:", what,
                    ratio, most));
        }
    }
}
