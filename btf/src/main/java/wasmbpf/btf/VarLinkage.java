package wasmbpf.btf;

/** How far a variable's name reaches, {@code BTF_VAR_*} with the kernel's numbers. */
public enum VarLinkage {
    STATIC, GLOBAL_ALLOCATED, GLOBAL_EXTERN;

    public int number() {
        return ordinal();
    }
}
