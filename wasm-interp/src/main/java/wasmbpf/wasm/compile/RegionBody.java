package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.Names.I;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.SwitchCase;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The beginning and the end of a region's method. Its parameters are locals, the guest stack, the frame, the depth, and where
 * blocks end in it, by which of their labels it is entered; it returns a number for the way by which control has left it.
 */
final class RegionBody {
    /** What a way is if control goes on behind the region, or a tail call waits to be made: no block's index. */
    static final int FALLS_THROUGH = -1;
    static final int TAIL_CALL = -2;

    private final MethodCode m;
    private final CodeBuilder code;
    private final GuestFrame frame;
    private final MemoryAccess memory;
    private final Locals locals;
    private final Operands operands;
    private final ControlFlow control;
    private final Region region;
    private final BitSet dealtWith;
    /** By the number that the method returns, which way that is. */
    private final List<Integer> ways = new ArrayList<>();
    private Label bodyLabel;
    private Label localsLabel;
    /** Of the operand stack, below what the region takes and leaves. */
    private int height;

    RegionBody(MethodCode m, GuestFrame frame, MemoryAccess memory, Locals locals, Operands operands, ControlFlow control) {
        this.m = m;
        this.frame = frame;
        this.memory = memory;
        this.locals = locals;
        this.operands = operands;
        this.control = control;
        code = m.code;
        region = m.region;
        dealtWith = region.dealtWith();
    }

    /**
     * Locals come from parameters and their homes.
     *
     * @param outer the frame as the method around this has it
     * @param around the blocks around the region
     * @param live whether control comes to its start
     */
    void enter(GuestFrame outer, List<Block> around, BitSet params, boolean live) {
        height = m.at.height() - region.operands;
        operands.spilled = height;
        int slot = locals.parameters(params);
        m.stackLocal = slot;
        frame.adopt(outer, slot + 1);
        m.remainingLocal = slot + 3;
        m.beginPositions();
        bodyLabel = code.newBoundLabel();
        BitSet taken = region.taken();
        for (int i = dealtWith.nextSetBit(0); i >= 0; i = dealtWith.nextSetBit(i + 1)) {
            if (locals.isHomed(i)) {
                if (params.get(i)) {
                    locals.getParameter(i);
                    frame.storeHome(i);
                }
            } else if (!params.get(i)) {
                locals.allocate(i);
                if (taken.get(i)) {
                    frame.loadHome(i);
                    locals.set(i);
                } else {
                    locals.clear(i);
                }
            }
        }
        locals.settle(params);
        localsLabel = code.newBoundLabel();
        memory.begin();
        for (Block block : around) {
            Block proxy = new Block(block.op, height, block.params, block.results, true, height, code.newLabel());
            proxy.offset = block.offset;
            proxy.arm = block.arm;
            control.add(proxy);
        }
        frame.loadCarried(operands.types(height));
        m.live = live;
        if (region.ends > 0) {
            enterBlocks(control.innermost(region.ends), around.subList(around.size() - region.ends, around.size()));
        }
    }

    /** Goes to the label by which it is entered: the start is number 0, then come the blocks that end in it, innermost first. */
    private void enterBlocks(List<Block> proxies, List<Block> ending) {
        Label start = code.newLabel();
        List<SwitchCase> cases = new ArrayList<>();
        Label last = start;
        for (int i = 1; i <= ending.size(); i++) {
            Block proxy = proxies.get(ending.size() - i);
            if (ending.get(ending.size() - i).used) {
                proxy.used = true;
                cases.add(SwitchCase.of(i, proxy.label));
                last = proxy.label;
            }
        }
        if (!cases.isEmpty()) {
            code.iload(m.remainingLocal + 1).tableswitch(m.live ? start : last, cases);
        }
        code.labelBinding(start);
    }

    /** Each way out puts the locals back that matter there. */
    void leave() {
        if (m.live) {
            frame.storeCarried(operands.types(height));
            exit(FALLS_THROUGH, region.liveAtEnd);
        }
        List<Block> blocks = control.blocks();
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            if (block.used) {
                code.labelBinding(block.label);
                frame.storeCarried(block.labelTypes());
                exit(i, block.offset < 0 ? new BitSet() : region.liveAt(block.offset));
            }
        }
        if (control.tailExit() != null) {
            code.labelBinding(control.tailExit());
            exit(TAIL_CALL, new BitSet());
        }
        Label end = code.newBoundLabel();
        if (m.whole.handlers) {
            code.exceptionCatch(localsLabel, end, end, Names.EXCEPTION);
            int exception = m.allocate(TypeKind.REFERENCE);
            code.astore(exception);
            putBack(region.written);
            code.aload(exception);
            passOn();
        }
        Label passing = code.newBoundLabel();
        code.exceptionCatch(bodyLabel, end, passing, Names.WASM_EXCEPTION);
        passOn();
    }

    /** Throws what is on the stack, with the place in the function. */
    private void passOn() {
        m.loadPosition();
        m.support("inside", Names.WASM_EXCEPTION, Names.WASM_EXCEPTION, I);
        code.athrow();
    }

    /** After {@link #leave}. */
    List<Integer> ways() {
        return ways;
    }

    private void exit(int way, BitSet wanted) {
        putBack(wanted);
        code.loadConstant(ways.size()).ireturn();
        ways.add(way);
    }

    private void putBack(BitSet wanted) {
        for (int i = dealtWith.nextSetBit(0); i >= 0; i = dealtWith.nextSetBit(i + 1)) {
            if (wanted.get(i) && region.written.get(i) && !locals.isHomed(i)) {
                locals.get(i);
                frame.storeHome(i);
            }
        }
    }
}
