package wasmbpf.wasm.compile;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import wasmbpf.wasm.Export;
import wasmbpf.wasm.ExternKind;
import wasmbpf.wasm.WasmModule;

/**
 * Which functions run once, as far as can be told: a command's {@code _start}, and what such a function calls at one place that
 * is in no loop, if no other function of the class calls it. A program's {@code main} is one.
 */
final class RunOnce {
    private static final String COMMAND = "_start";

    private RunOnce() {
    }

    static Set<Integer> of(WasmModule module, Collection<BatchClass.Method> methods) {
        Map<Integer, FunctionFacts> facts = new HashMap<>();
        Map<Integer, Integer> calls = new HashMap<>();
        for (BatchClass.Method method : methods) {
            facts.put(method.facts().function, method.facts());
            method.facts().calls.forEach((callee, count) -> calls.merge(callee, count, Integer::sum));
        }
        Set<Integer> once = new HashSet<>();
        Deque<Integer> found = new ArrayDeque<>();
        Export command = module.export(COMMAND);
        if (command != null && command.kind() == ExternKind.FUNC && !calls.containsKey(command.index())) {
            found.add(command.index());
        }
        while (!found.isEmpty()) {
            int function = found.remove();
            if (facts.containsKey(function) && once.add(function)) {
                facts.get(function).calls.keySet().stream().filter(callee -> calls.get(callee) == 1).forEach(found::add);
            }
        }
        return once;
    }
}
