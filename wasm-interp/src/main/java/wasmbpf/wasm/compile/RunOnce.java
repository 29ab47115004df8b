package wasmbpf.wasm.compile;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import wasmbpf.wasm.Export;
import wasmbpf.wasm.ExternKind;
import wasmbpf.wasm.WasmModule;

/**
 * Which functions of a class run once in a call by the host, as far as can be told: an export, and what such a function calls at
 * one place that is in no loop, if no other function of the class calls it. A program's {@code main} is one.
 */
final class RunOnce {
    private static final String COMMAND = "_start";

    private final WasmModule module;
    private final Map<Integer, FunctionFacts> facts = new HashMap<>();
    private final Map<Integer, Integer> calls = new HashMap<>();

    RunOnce(WasmModule module, Collection<BatchClass.Method> methods) {
        this.module = module;
        for (BatchClass.Method method : methods) {
            facts.put(method.facts().function, method.facts());
            method.facts().calls.forEach((callee, count) -> calls.merge(callee, count, Integer::sum));
        }
    }

    /** What runs once at all: a command's {@code _start}, and so on. */
    Set<Integer> command() {
        Set<Integer> once = new HashSet<>();
        Deque<Integer> found = new ArrayDeque<>();
        Export start = module.export(COMMAND);
        if (start != null && start.kind() == ExternKind.FUNC && !calls.containsKey(start.index())) {
            found.add(start.index());
        }
        while (!found.isEmpty()) {
            int next = found.remove();
            if (facts.containsKey(next) && once.add(next)) {
                facts.get(next).calls.keySet().stream().filter(this::isCalledOnce).forEach(found::add);
            }
        }
        return once;
    }

    /** The exports that no function of the class calls directly, but for a command's {@code _start}. */
    List<Integer> exports() {
        return module.exports().stream().filter(export -> export.kind() == ExternKind.FUNC && !export.name().equals(COMMAND))
                .map(Export::index).filter(index -> facts.containsKey(index) && !calls.containsKey(index)).distinct().toList();
    }

    /** Whether a function is called at one place that is in no loop. */
    boolean isCalledOnce(int function) {
        return facts.containsKey(function) && calls.getOrDefault(function, 0) == 1;
    }

    /** Whether a function is called at one place that may be in a loop, or at two. */
    boolean isCalledTwice(int function) {
        return facts.containsKey(function) && calls.getOrDefault(function, 0) == 2;
    }

    /** Whether a function may call itself, by others too. */
    boolean isRecursive(int function) {
        Set<Integer> reached = new HashSet<>();
        Deque<Integer> found = new ArrayDeque<>(List.of(function));
        while (!found.isEmpty()) {
            for (int callee : facts.get(found.remove()).calls.keySet()) {
                if (callee == function) {
                    return true;
                }
                if (facts.containsKey(callee) && reached.add(callee)) {
                    found.add(callee);
                }
            }
        }
        return false;
    }
}
