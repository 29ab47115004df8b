package wasmbpf.host.object;

import java.util.List;

/**
 * What the externs of an object are on one kernel. The values of kconfig variables are in the image of the
 * {@code .kconfig} map.
 *
 * @param values   by {@link Extern#index}
 * @param fdArray  modules that kfuncs come from: module i has slot i + 1 of {@code fd_array}
 * @param warnings what libbpf would have printed
 */
public record ExternValues(List<Value> values, List<KernelFacts.Module> fdArray, List<String> warnings) {
    /** What one extern is. */
    public sealed interface Value {
    }

    /** Weak, and the kernel has nothing of that name and type: zero. */
    public record Missing() implements Value {
    }

    /** A kconfig variable that has got its value. */
    public record Configured() implements Value {
    }

    /** The address of a symbol. */
    public record Address(long address) implements Value {
    }

    /** A VAR or FUNC of the kernel's BTF, or of {@code module}'s if that is not null. */
    public record KernelType(int btfId, KernelFacts.Module module) implements Value {
    }

    /** Of an object without externs. */
    public static final ExternValues NONE = new ExternValues(List.of(), List.of(), List.of());

    public Value of(Extern extern) {
        return values.get(extern.index());
    }

    /** Slot of {@code fd_array} that a call into that module names, 0 for the kernel itself. */
    int fdIndex(KernelFacts.Module module) {
        return module == null ? 0 : fdArray.indexOf(module) + 1;
    }
}
