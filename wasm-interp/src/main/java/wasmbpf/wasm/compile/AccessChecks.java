package wasmbpf.wasm.compile;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The checks of accesses in a class. With ints, and Objects.checkIndex, whose result HotSpot knows to be positive: it then takes checks
 * out of counted loops and makes base and offset part of the instruction. Addresses from 2 GiB on, and the last bytes, take the exact
 * check. HotSpot compiles the call of that only if it has been made before, and then keeps little in registers around it. It counts by
 * method: malloc, which writes to the last bytes of a memory that has grown, must not spoil the checks of all others.
 */
final class AccessChecks {
    private static final String NAME = "check_";
    private static final String NEAR_NAME = "check_near_";
    private static final MethodTypeDesc TYPE = MethodTypeDesc.of(Names.J, Names.I, Names.I, Names.I, Names.I);

    private final BatchClass batch;
    /** The methods that check by a call, each of a method of its own. */
    private final Set<String> methods = new LinkedHashSet<>();

    AccessChecks(BatchClass batch) {
        this.batch = batch;
    }

    /** From address, safe limit, {@link Linkage#extent}, position in the body: to the address, if all of the access is in bounds. */
    void byCall(MethodCode m, boolean near) {
        String name = (near ? NEAR_NAME : NAME) + m.name;
        methods.add(name);
        m.code.invokestatic(Names.SELF, name, TYPE);
    }

    /** Those that have been called. */
    void addMethods(ClassBuilder builder) {
        methods.forEach(method -> builder.withMethodBody(method, TYPE, ClassFile.ACC_STATIC, code -> {
            code.iload(0);
            inline(code, 1, () -> code.iload(2).iload(3));
            code.lreturn();
        }));
    }

    /**
     * The same without a call.
     *
     * @param limit the local that has the safe limit
     * @param extentAndPosition pushes what only the exact check needs
     */
    void inline(CodeBuilder code, int limit, Runnable extentAndPosition) {
        Label quick = code.newLabel();
        Label inside = code.newLabel();
        // As one comparison: of two, C2 does not see that an earlier access to the address has made them.
        code.dup().iload(limit);
        code.invokestatic(ConstantDescs.CD_Integer, "compareUnsigned", Names.type(Names.I, Names.I, Names.I)).iflt(quick);
        extentAndPosition.run();
        batch.load(code, new Constant(Constant.Kind.MEMORY, 0));
        code.invokestatic(Names.SUPPORT, "check", Names.type(Names.J, Names.I, Names.I, Names.I, Names.MEMORY)).goto_(inside);
        code.labelBinding(quick).iload(limit).invokestatic(ClassDesc.of("java.util.Objects"), "checkIndex",
                Names.type(Names.I, Names.I, Names.I)).i2l().labelBinding(inside);
    }
}
