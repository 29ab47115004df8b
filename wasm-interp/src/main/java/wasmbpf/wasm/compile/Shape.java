package wasmbpf.wasm.compile;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import wasmbpf.wasm.TypeCode;

/**
 * How functions of a type call each other without a detour through memory when they are not of one class: the method of a
 * class's entry object. The most frequent shapes are methods of {@code CompiledClass}, every other has an interface.
 *
 * @param letters the types of the parameters, a vector being two longs, and behind an underline that of the result
 */
record Shape(String letters, MethodTypeDesc type) {
    /** Parameters of the methods of {@code CompiledClass}, all i32. */
    private static final int MAX_INTS = 6;
    /** Of interfaces: rarer types go through memory. */
    private static final int MAX_PARAMS = 12;

    /** Null if functions of this type are called through memory: several results or a vector, very many parameters. */
    static Shape of(int[] params, int[] results) {
        if (params.length > MAX_PARAMS || results.length > 1 || results.length == 1 && results[0] == TypeCode.V128) {
            return null;
        }
        StringBuilder letters = new StringBuilder();
        List<ClassDesc> types = new ArrayList<>();
        for (int param : params) {
            letters.append(param == TypeCode.V128 ? "JJ" : Names.letter(param));
            types.add(Names.of(param));
            if (param == TypeCode.V128) {
                types.add(Names.J);
            }
        }
        types.add(Names.STACK);
        types.add(Names.I);
        letters.append('_').append(results.length == 0 ? "V" : Names.letter(results[0]));
        return new Shape(letters.toString(),
                MethodTypeDesc.of(results.length == 0 ? Names.V : Names.of(results[0]), types));
    }

    boolean isInterface() {
        int params = letters.indexOf('_');
        return params > MAX_INTS || !letters.matches("I*_[IV]");
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
