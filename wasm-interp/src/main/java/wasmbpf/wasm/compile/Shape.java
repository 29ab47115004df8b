package wasmbpf.wasm.compile;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import wasmbpf.wasm.TypeCode;

/**
 * How functions of a type call each other without a detour through memory when they are not of one class: the method of a
 * class's entry object. The most frequent shapes are methods of {@code CompiledClass}, every other has an interface.
 *
 * <p>Interfaces are never unloaded, and guests may have any number of types. So the first to come have one of their own; of
 * further types all numbers are passed as longs, before all references: of such shapes there are few.
 *
 * @param letters the types of the parameters, a vector being two longs, and behind an underline that of the result
 * @param erased whether numbers are passed as longs, for the functions that this was made for
 */
record Shape(String letters, MethodTypeDesc type, boolean erased) {
    /** Parameters of the methods of {@code CompiledClass}, all i32. */
    private static final int MAX_INTS = 6;
    /** Its methods with others. */
    private static final Set<String> OTHERS = Set.of("I_J", "II_J", "III_J", "IJ_J", "IJI_J", "I_D", "D_D", "DD_D", "ID_D", "II_D",
            "ID_I", "ID_V", "IJ_I", "IJ_V", "IIJ_I", "IIJ_V", "IJI_I", "IJI_V");
    /** Of interfaces: rarer types go through memory. */
    private static final int MAX_PARAMS = 12;

    /** Interfaces for types as they are; with up to 12 parameters there are 273 for others. */
    static final int MAX_EXACT = 100;
    private static final Set<String> EXACT = new HashSet<>();

    /** Null if functions of this type are called through memory: several results or a vector, very many parameters. */
    static Shape of(int[] params, int[] results) {
        if (params.length > MAX_PARAMS || results.length > 1 || results.length == 1 && results[0] == TypeCode.V128) {
            return null;
        }
        Shape exact = make(params, results, false);
        return !exact.isInterface() || takes(exact.letters) ? exact : make(params, results, true);
    }

    /** Whether there is an interface for it or may be one: the answer is always the same. */
    private static boolean takes(String letters) {
        synchronized (EXACT) {
            return EXACT.contains(letters) || EXACT.size() < MAX_EXACT && EXACT.add(letters);
        }
    }

    private static Shape make(int[] params, int[] results, boolean erased) {
        StringBuilder letters = new StringBuilder();
        List<ClassDesc> types = new ArrayList<>();
        for (int i : order(params, erased)) {
            boolean asLong = params[i] == TypeCode.V128 || erased && !TypeCode.isRef(params[i]);
            for (int half = 0; half < Names.slots(params[i]); half++) {
                letters.append(asLong ? "J" : Names.letter(params[i]));
                types.add(asLong ? Names.J : Names.of(params[i]));
            }
        }
        types.add(Names.STACK);
        types.add(Names.I);
        boolean none = results.length == 0;
        boolean asLong = erased && !none && !TypeCode.isRef(results[0]);
        letters.append('_').append(none ? "V" : asLong ? "J" : Names.letter(results[0]));
        return new Shape(letters.toString(),
                MethodTypeDesc.of(none ? Names.V : asLong ? Names.J : Names.of(results[0]), types), erased);
    }

    /** In which order the method takes parameters. */
    int[] order(int[] params) {
        return order(params, erased);
    }

    private static int[] order(int[] params, boolean erased) {
        int[] order = new int[params.length];
        int next = 0;
        for (int pass = 0; pass < 2; pass++) {
            for (int i = 0; i < params.length; i++) {
                int wanted = erased && TypeCode.isRef(params[i]) ? 1 : 0;
                if (wanted == pass) {
                    order[next++] = i;
                }
            }
        }
        return order;
    }

    boolean isInterface() {
        int params = letters.indexOf('_');
        return params > MAX_INTS || !letters.matches("I*_[IV]") && !OTHERS.contains(letters);
    }

    String method() {
        return "call" + letters;
    }

    ClassDesc owner() {
        return isInterface() ? ClassDesc.of(Names.PACKAGE, "Call" + letters) : Names.SUPER;
    }

    byte[] classFile() {
        return ClassFile.of().build(owner(), builder -> builder
                .withFlags(ClassFile.ACC_INTERFACE | ClassFile.ACC_ABSTRACT)
                .withSuperclass(ConstantDescs.CD_Object)
                .withMethod(method(), type, ClassFile.ACC_PUBLIC | ClassFile.ACC_ABSTRACT, method -> { }));
    }

    // Written out, as what javac generates for records sets up method handles at the first use.

    @Override
    public boolean equals(Object o) {
        return o instanceof Shape other && letters.equals(other.letters);
    }

    @Override
    public int hashCode() {
        return letters.hashCode();
    }
}
