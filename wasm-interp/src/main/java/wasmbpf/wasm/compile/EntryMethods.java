package wasmbpf.wasm.compile;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.SwitchCase;
import java.util.ArrayList;
import java.util.List;
import wasmbpf.wasm.TypeCode;

/** The methods of a {@link BatchClass} by which everyone else calls its functions: an instance of the class is one of its entries. */
final class EntryMethods {
    private final List<BatchClass.Method> entries;
    /** The one of these that takes over the interpreter's frame in a running loop, or null. */
    private final BatchClass.Method loop;
    private final HostRuns hostRuns;

    EntryMethods(List<BatchClass.Method> entries, BatchClass.Method loop, HostRuns hostRuns) {
        this.entries = entries;
        this.loop = loop;
        this.hostRuns = hostRuns;
    }

    /** {@code invoke(entry, stack, frame, remaining)}: arguments from the frame, the result to it. */
    void dispatch(CodeBuilder code) {
        List<SwitchCase> cases = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            cases.add(SwitchCase.of(i, code.newLabel()));
        }
        Label none = code.newLabel();
        code.iload(1).tableswitch(0, entries.size() - 1, none, cases);
        for (int i = 0; i < entries.size(); i++) {
            code.labelBinding(cases.get(i).target());
            enter(code, entries.get(i));
        }
        code.labelBinding(none).return_();
    }

    /** {@code callII_I(a, b, stack, remaining)}: the entry's function. */
    void dispatchShape(CodeBuilder code, List<Integer> numbers, Shape shape) {
        List<SwitchCase> cases = new ArrayList<>();
        for (int number : numbers) {
            cases.add(SwitchCase.of(number, code.newLabel()));
        }
        Label other = code.newLabel();
        if (numbers.size() > 1) {
            code.aload(0).getfield(Names.SUPER, "entry", Names.I);
            code.lookupswitch(other, cases);
        }
        for (int i = 0; i < numbers.size(); i++) {
            BatchClass.Method method = entries.get(numbers.get(i));
            code.labelBinding(cases.get(i).target());
            callByShape(code, method, BatchClass.shape(method.facts()));
        }
        if (numbers.size() > 1) {
            code.labelBinding(other).aconst_null().athrow();
        }
    }

    private void callByShape(CodeBuilder code, BatchClass.Method method, Shape shape) {
        int[] params = method.facts().params;
        int[] slots = new int[params.length];
        int slot = 1;
        for (int i : shape.order(params)) {
            slots[i] = slot;
            slot += shape.erased() && !TypeCode.isRef(params[i]) ? 2 * Names.slots(params[i]) : Locals.jvmSlots(params[i]);
        }
        for (int i = 0; i < params.length; i++) {
            if (shape.erased() && !TypeCode.isRef(params[i])) {
                code.lload(slots[i]);
                NumberOps.fromLong(params[i], code);
            } else {
                code.loadLocal(Names.kind(params[i]), slots[i]);
            }
            if (params[i] == TypeCode.V128) {
                code.lload(slots[i] + 2);
            }
        }
        code.aload(slot).iload(slot + 1).invokestatic(Names.SELF, hostRuns.entry(method).name(), method.type());
        if (shape.erased() && method.facts().results.length == 1) {
            NumberOps.toLong(method.facts().results[0], code);
        }
        code.return_(TypeKind.from(shape.type().returnType()));
    }

    private void enter(CodeBuilder code, BatchClass.Method method) {
        if (method == loop) {
            code.aload(2).lload(3).iload(5).invokestatic(Names.SELF, method.name(), method.type()).return_();
            return;
        }
        int slot = 0;
        for (int param : method.facts().params) {
            if (TypeCode.isRef(param)) {
                code.aload(2).lload(3).loadConstant(8 * slot).invokestatic(Names.SUPPORT, "getA",
                        Names.type(Names.OBJECT, Names.STACK, Names.J, Names.I));
            } else {
                for (int half = 0; half < Names.slots(param); half++) {
                    String letter = Names.slots(param) == 2 ? "J" : Names.letter(param);
                    code.lload(3).loadConstant(8 * (slot + half)).invokestatic(Names.SUPPORT, "get" + letter,
                            Names.type(Names.of(param), Names.J, Names.I));
                }
            }
            slot += Names.slots(param);
        }
        code.aload(2).iload(5).invokestatic(Names.SELF, hostRuns.entry(method).name(), method.type());
        if (!method.facts().resultsInMemory() && method.facts().results.length == 1) {
            int result = method.facts().results[0];
            if (TypeCode.isRef(result)) {
                code.aload(2).lload(3).iconst_0().invokestatic(Names.SUPPORT, "putA",
                        Names.type(Names.V, Names.OBJECT, Names.STACK, Names.J, Names.I));
            } else {
                code.lload(3).iconst_0().invokestatic(Names.SUPPORT, "put" + Names.letter(result),
                        Names.type(Names.V, Names.of(result), Names.J, Names.I));
            }
        }
        code.return_();
    }
}
