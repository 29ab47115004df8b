package wasmbpf.host.object;

/** A symbol the object expects the running kernel to supply: libbpf {@code struct extern_desc}. */
public sealed interface Extern {
    /** Place in {@link ObjectSpec#externs()}. */
    int index();

    /** As spelled in C, with its {@code ___flavor}. */
    String name();

    /** Declared {@code __weak}: may be missing. */
    boolean weak();

    /** Index in the ELF symbol table. */
    int symbolIndex();

    /** BTF id of its VAR or FUNC. */
    int btfId();

    /**
     * A {@code __kconfig} variable: a value of the kernel's configuration, or one of libbpf's LINUX_* ones.
     *
     * @param type       what a value of the configuration is turned into
     * @param sizeBytes  of the variable
     * @param alignBytes of the variable
     * @param dataOffset in the {@code .kconfig} map
     * @param signed     for {@link KconfigType#INT} and {@link KconfigType#CHAR}
     */
    record Kconfig(int index, String name, boolean weak, int symbolIndex, int btfId, KconfigType type, int sizeBytes,
                   int alignBytes, int dataOffset, boolean signed) implements Extern {
    }

    /** What a kconfig variable is in C: libbpf {@code enum kcfg_type}. */
    enum KconfigType { CHAR, BOOL, INT, TRISTATE, CHAR_ARRAY }

    /**
     * A {@code __ksym} variable or function.
     *
     * @param essentialName the name without its {@code ___flavor}
     * @param typeId        local BTF id of its type with modifiers skipped (FUNC_PROTO of a function), 0 for
     *                      {@code extern const void}: then only its address is wanted
     * @param function      a kfunc
     */
    record Ksym(int index, String name, boolean weak, int symbolIndex, int btfId, String essentialName, int typeId,
                boolean function) implements Extern {
        /** Whether the kernel's BTF resolves it, not /proc/kallsyms. */
        public boolean typed() {
            return typeId != 0;
        }
    }
}
