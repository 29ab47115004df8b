package wasmbpf.bench.table;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import wasmbpf.bench.Workload;

/** All columns, from the yardstick on the left. */
final class Engines {
    /** The collector and the compiler as the launcher has them, for all engines in Java. */
    private static final List<String> JVM_FLAGS = List.of("-XX:+UseSerialGC", "-XX:-DontCompileHugeMethods",
            "-Dwasmbpf.hugeMethods=true", "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED", "-Xmx2g");

    private Engines() {}

    static List<Engine> all(Path tree) {
        return List.of(new Native(tree), new Java("compiled", JavaEngine.COMPILED, false),
                new Java("auto", JavaEngine.AUTO, false), new Java("interp.", JavaEngine.INTERPRETED, false),
                new Java("Endive-c", JavaEngine.ENDIVE_COMPILED, false),
                new Java("Endive-i", JavaEngine.ENDIVE_INTERPRETED, true),
                new CommandLine("wasm3", "wasm3", "WASM3", "--func"),
                new CommandLine("iwasm-f", "iwasm-fast", "IWASM_FAST", "-f"),
                new CommandLine("iwasm-c", "iwasm-classic", "IWASM_CLASSIC", "-f"), new Node(tree));
    }

    static List<String> java(Class<?> main, Object... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    /** An executable of PATH or of an environment variable; null if there is none. */
    static String executable(String name, String variable) {
        String given = System.getenv(variable);
        if (given != null) {
            return given;
        }
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(folder, name))) {
                return Path.of(folder, name).toString();
            }
        }
        return null;
    }

    private static double checked(Child child, Workload workload, int argument) {
        workload.check(argument, Long.parseLong(child.find("^RESULT (-?\\d+)$")));
        return Double.parseDouble(child.find("^CPU-MS ([\\d.]+)$"));
    }

    private record Java(String name, JavaEngine engine, boolean slow) implements Engine {
        @Override
        public String missing() {
            return null;
        }

        @Override
        public double cpuMillis(Workload workload, Path folder, int argument, double seconds)
                throws IOException, InterruptedException {
            return checked(Child.run(java(EngineRun.class, engine, folder.resolve(workload.name() + ".wasm"), argument,
                    seconds)), workload, argument);
        }
    }

    /** The same source, {@code clang-19 -O2}, and native.c around it. */
    private record Native(Path tree) implements Engine {
        @Override
        public String name() {
            return "native";
        }

        @Override
        public String missing() {
            return compiler() == null ? "no clang-19 (or CLANG)" : null;
        }

        private static String compiler() {
            return executable("clang-19", "CLANG");
        }

        @Override
        public double cpuMillis(Workload workload, Path folder, int argument, double seconds)
                throws IOException, InterruptedException {
            Path program = Files.createTempFile("table", ".native");
            try {
                Path source = folder.resolve(workload.name() + ".c");
                if (!Files.exists(source)) {
                    source = tree.resolve("bench/src/main/workloads/" + workload.name() + ".c");
                }
                Child build = Child.run(List.of(compiler(), "-O2", "-w", source.toString(),
                        tree.resolve("bench/src/main/table/native.c").toString(), "-o", program.toString(), "-lm"));
                if (build.status() != 0) {
                    throw new Failure(build.err().lines().findFirst().orElse("clang failed"));
                }
                return checked(Child.run(List.of(program.toString(), "" + argument, "" + seconds)), workload, argument);
            } finally {
                Files.delete(program);
            }
        }
    }

    private record Node(Path tree) implements Engine {
        @Override
        public String name() {
            return "Node";
        }

        @Override
        public String missing() {
            return executable("node", "NODE") == null ? "no node on PATH" : null;
        }

        @Override
        public double cpuMillis(Workload workload, Path folder, int argument, double seconds)
                throws IOException, InterruptedException {
            return checked(Child.run(List.of(executable("node", "NODE"),
                    tree.resolve("bench/src/main/table/node.mjs").toString(),
                    folder.resolve(workload.name() + ".wasm").toString(), "" + argument, "" + seconds)), workload, argument);
        }
    }

    /**
     * An interpreter in C that is started for each run: it needs no warming up, and what a run with argument 0 takes
     * is its start. bash's {@code time} sees to a millisecond.
     */
    private record CommandLine(String name, String program, String variable, String option) implements Engine {
        @Override
        public String missing() {
            return executable(program, variable) == null ? "no " + program + " on PATH, nor in " + variable : null;
        }

        @Override
        public double cpuMillis(Workload workload, Path folder, int argument, double seconds)
                throws IOException, InterruptedException {
            Path wasm = folder.resolve(workload.name() + ".wasm");
            double start = once(workload, wasm, 0);
            double best = Double.MAX_VALUE;
            double sum = 0;
            for (int runs = 0; runs < 3 && sum < seconds * 2000; runs++) {
                double run = once(workload, wasm, argument);
                best = Math.min(best, run);
                sum += run;
            }
            return Math.max(1, best - start);
        }

        private double once(Workload workload, Path wasm, int argument) throws IOException, InterruptedException {
            // What it prints differs, "Result: 1" or "0x1:i32": the last line has the value.
            Child child = Child.run(List.of("bash", "-c",
                    "TIMEFORMAT='CPU %U %S'; { time \"$@\" 2>&1; } 2>&1", "bash", executable(program, variable), option, "run",
                    wasm.toString(), "" + argument));
            String[] cpu = child.find("^CPU ([\\d.]+ [\\d.]+)$").split(" ");
            if (argument != 0) {
                String hex = "0x[0-9a-f]+(?=:i32)";
                workload.check(argument, child.out().matches("(?s).*" + hex + ".*")
                        ? (int) Long.parseLong(child.find("(" + hex + ")").substring(2), 16)
                        : (int) Long.parseLong(child.find("Result: (-?\\d+)")));
            }
            return (Double.parseDouble(cpu[0]) + Double.parseDouble(cpu[1])) * 1000;
        }
    }
}
