package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.Names.I;
import static wasmbpf.wasm.compile.Names.J;
import static wasmbpf.wasm.compile.Names.STACK;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** In a method of a function that is cut: calls the methods of the regions in it, and goes on as they say. */
final class RegionCalls {
    private final MethodCode m;
    private final CodeBuilder code;
    private final GuestFrame frame;
    private final MemoryAccess memory;
    private final Locals locals;
    private final Operands operands;
    private final ControlFlow control;
    private final LoopEntry entry;
    private final List<Region> regions;
    /** The number of the next region. */
    private int next;

    RegionCalls(MethodCode m, GuestFrame frame, MemoryAccess memory, Locals locals, Operands operands, ControlFlow control,
            LoopEntry entry) {
        this.m = m;
        this.frame = frame;
        this.memory = memory;
        this.locals = locals;
        this.operands = operands;
        this.control = control;
        this.entry = entry;
        code = m.code;
        regions = m.whole == null ? List.of() : m.part().inner;
    }

    /** Has the walk pause where the next region begins. */
    void await() {
        m.at.pauseAt(next < regions.size() ? regions.get(next).start : MethodCode.NONE);
    }

    /** Whether the method goes on up to an offset without a region in between. */
    boolean areBehind(int offset) {
        return (next >= regions.size() || regions.get(next).start > offset) && (m.region == null || m.region.end > offset);
    }

    /** The next region, where the walk has come to it; it is behind it afterwards. */
    void call() {
        Region region = regions.get(next++);
        if (!m.live && control.innermost(region.ends).stream().noneMatch(block -> block.used)) {
            // Its instructions are walked over as dead ones.
            return;
        }
        int height = m.at.height() - region.operands;
        int[] taken = operands.types(height);
        String name = m.name + "$" + next;
        BitSet params = m.part().cached ? region.taken() : new BitSet();
        MethodTypeDesc type = methodType(region, params);
        List<Integer> ways = FunctionCompiler.compileRegion(m, region, name, type, frame, control.blocks(), params);
        if (region.ends > 0) {
            gather(control.innermost(region.ends));
        }
        entry.here(region);
        frame.storeCarried(taken);
        params.stream().forEach(locals::get);
        code.aload(m.stackLocal);
        frame.address();
        code.iload(m.remainingLocal);
        if (region.ends > 0) {
            code.iload(m.temp(45, TypeKind.INT));
        }
        code.invokestatic(Names.SELF, name, type);
        memory.loadLimit();
        goOn(region, ways, height);
    }

    /** Where control may come from several places: notes which, as {@link RegionBody} counts them. Ends the blocks. */
    private void gather(List<Block> ending) {
        Label call = code.newLabel();
        if (m.live) {
            code.iconst_0().goto_(call);
        }
        for (int i = 1; i <= ending.size(); i++) {
            Block block = ending.get(ending.size() - i);
            if (block.used) {
                code.labelBinding(block.label).loadConstant(i).goto_(call);
            }
        }
        code.labelBinding(call).istore(m.temp(45, TypeKind.INT));
        operands.spilled = ending.getFirst().spilledOutside;
        ending.clear();
    }

    private MethodTypeDesc methodType(Region region, BitSet params) {
        List<ClassDesc> types = new ArrayList<>();
        for (int i = params.nextSetBit(0); i >= 0; i = params.nextSetBit(i + 1)) {
            int type = m.at.localType(i);
            types.add(Names.of(type));
            if (Names.slots(type) == 2) {
                types.add(J);
            }
        }
        types.addAll(List.of(STACK, J, I));
        if (region.ends > 0) {
            types.add(I);
        }
        return MethodTypeDesc.of(I, types);
    }

    /** Locals that a region has put into their homes for one way out, if this method keeps them elsewhere. */
    private BitSet stale(Region left, int way) {
        if (!m.part().cached || way == RegionBody.TAIL_CALL || way >= 0 && block(way).offset < 0) {
            return new BitSet();
        }
        return left.given(way == RegionBody.FALLS_THROUGH ? left.liveAtEnd : left.liveAt(block(way).offset));
    }

    private Block block(int way) {
        return control.blocks().get(way);
    }

    /** With what a region's method has returned on the stack, above operands up to a height. */
    private void goOn(Region left, List<Integer> ways, int height) {
        m.live = ways.contains(RegionBody.FALLS_THROUGH);
        if (ways.isEmpty()) {
            // It ends in traps and exceptions only.
            code.pop().aconst_null().athrow();
            return;
        }
        Label behind = code.newLabel();
        Label[] targets = new Label[ways.size()];
        boolean[] near = new boolean[targets.length];
        for (int i = 0; i < targets.length; i++) {
            int way = ways.get(i);
            targets[i] = way == RegionBody.FALLS_THROUGH ? behind : null;
            near[i] = way == RegionBody.TAIL_CALL || !stale(left, way).isEmpty()
                    || way == RegionBody.FALLS_THROUGH && m.at.height() > height;
            if (way >= 0) {
                Block block = block(way);
                near[i] |= control.isFunction(block) || block.labelTypes().length > 0
                        || operands.needsMoves(block, height);
                block.used = true;
                targets[i] = block.label;
            }
            if (near[i]) {
                targets[i] = code.newLabel();
            }
        }
        dispatch(targets);
        for (int i = targets.length - 1; i >= 0; i--) {
            if (near[i]) {
                code.labelBinding(targets[i]);
                stale(left, ways.get(i)).stream().forEach(local -> {
                    frame.loadHome(local);
                    locals.set(local);
                });
                leaveBy(ways.get(i), height, behind, i == 0);
            }
        }
        code.labelBinding(behind);
    }

    private void dispatch(Label[] targets) {
        int last = targets.length - 1;
        if (last == 0) {
            code.pop().goto_(targets[0]);
        } else if (last == 1) {
            code.ifeq(targets[0]).goto_(targets[1]);
        } else {
            List<SwitchCase> cases = new ArrayList<>();
            for (int i = 0; i < last; i++) {
                cases.add(SwitchCase.of(i, targets[i]));
            }
            code.tableswitch(0, last - 1, targets[last], cases);
        }
    }

    private void leaveBy(int way, int height, Label behind, boolean last) {
        if (way == RegionBody.FALLS_THROUGH) {
            frame.loadCarried(operands.types(height));
            if (!last) {
                code.goto_(behind);
            }
            return;
        }
        if (way == RegionBody.TAIL_CALL) {
            control.leaveForTailCall();
            return;
        }
        frame.loadCarried(block(way).labelTypes());
        control.branch(block(way), height);
    }
}
