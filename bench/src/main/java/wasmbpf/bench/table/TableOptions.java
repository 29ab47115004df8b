package wasmbpf.bench.table;

import java.nio.file.Path;
import java.util.List;

/**
 * What {@code bench/table} was asked for; its usage is at the top of that script.
 *
 * @param folder of workloads.tsv and the modules, null for this tree's
 * @param engines the columns; none: all
 * @param workloads the rows; none: all
 * @param out where the table goes after each row, or null
 */
record TableOptions(Path folder, List<String> engines, List<String> workloads, int rounds, double seconds, Path out) {
    /** @throws IllegalArgumentException saying which word is wrong */
    static TableOptions parse(String... args) {
        Path folder = null;
        Path out = null;
        List<String> engines = List.of();
        List<String> workloads = List.of();
        int rounds = 2;
        double seconds = 3;
        for (int i = 0; i < args.length; i++) {
            String option = args[i];
            if (!option.startsWith("-")) {
                folder = Path.of(option);
                continue;
            }
            if (!List.of("--engines", "--workloads", "--rounds", "--seconds", "--out").contains(option)) {
                throw new IllegalArgumentException("there is no option " + option);
            }
            if (++i == args.length) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            switch (option) {
                case "--engines" -> engines = List.of(args[i].split(","));
                case "--workloads" -> workloads = List.of(args[i].split(","));
                case "--rounds" -> rounds = (int) positive(option, args[i], Integer.MAX_VALUE);
                case "--seconds" -> seconds = positive(option, args[i], 1e6);
                default -> out = Path.of(args[i]);
            }
        }
        return new TableOptions(folder, engines, workloads, rounds, seconds, out);
    }

    private static double positive(String option, String text, double most) {
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            value = 0;
        }
        if (!(value > 0 && value <= most) || option.equals("--rounds") && value != Math.rint(value)) {
            throw new IllegalArgumentException(option + " " + text + ": a number above 0 is wanted");
        }
        return value;
    }

    boolean wants(List<String> names, String name) {
        return names.isEmpty() || names.contains(name);
    }
}
