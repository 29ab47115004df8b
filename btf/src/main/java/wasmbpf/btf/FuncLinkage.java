package wasmbpf.btf;

/** How far a function's name reaches, {@code enum btf_func_linkage} with the kernel's numbers. */
public enum FuncLinkage {
    STATIC, GLOBAL, EXTERN;

    public int number() {
        return ordinal();
    }
}
