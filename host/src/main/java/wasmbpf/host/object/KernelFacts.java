package wasmbpf.host.object;

import java.util.List;

import wasmbpf.btf.Btf;
import wasmbpf.core.CandidateIndex;

/**
 * What linking asks about the kernel a program is for. The loader answers from the running kernel, tests from files.
 * Each answer is only asked for when an object needs it, so an implementation computes it on first use.
 */
public interface KernelFacts {
    /** The features of a kernel that change what linking does: libbpf {@code enum kern_feature_id}. */
    enum Feature {
        /** {@code bpf_get_attach_cookie}: value of LINUX_HAS_BPF_COOKIE. */
        BPF_COOKIE,
        /** System calls are {@code __x64_sys_*} and the like: value of LINUX_HAS_SYSCALL_WRAPPER. */
        SYSCALL_WRAPPER,
        /** BTF_KIND_FUNC: without it func_info and line_info are left out. */
        BTF_FUNC,
        /** BTF_KIND_DECL_TAG: without it there are no exception callbacks. */
        BTF_DECL_TAG,
        /** The verifier knows {@code arg:ctx}; without it BTF is rewritten. */
        ARG_CTX_TAG,
        /** ldimm64 may point anywhere into an arena: its globals are put at the end. */
        LDIMM64_FULL_RANGE_OFF
    }

    /** A kernel module and its BTF, split on vmlinux's. */
    interface Module {
        String name();

        Btf btf();
    }

    boolean has(Feature feature);

    /** The kernel's own BTF, or null if it has none. */
    Btf vmlinux();

    /** Modules that have BTF, in the order of their BTF ids; empty if the kernel cannot say. */
    List<? extends Module> modules();

    /**
     * Where CO-RE looks for types: the kernel's and its modules', or what the caller put in their place; null if there
     * is nothing.
     */
    CandidateIndex coreTargets();

    /** KERNEL_VERSION(a,b,c) as {@code a << 16 | b << 8 | min(c, 255)}; 0 if unknown. */
    int version();

    /**
     * Hands on the kernel's configuration line by line ({@code CONFIG_HZ=250}), the user's own lines first, until
     * the visitor has had enough.
     *
     * @throws ObjectException if there is none
     */
    void kconfig(LineVisitor visitor);

    /** Receives lines of text. */
    @FunctionalInterface
    interface LineVisitor {
        /** Whether more lines are wanted. */
        boolean line(String text);
    }

    /**
     * Hands on every symbol of /proc/kallsyms.
     *
     * @throws ObjectException if it cannot be read
     */
    void kallsyms(SymbolVisitor visitor);

    /** Receives one kernel symbol. */
    @FunctionalInterface
    interface SymbolVisitor {
        /**
         * @param address 0 when the kernel hides it
         * @param type    as nm's letter: {@code T}, {@code d} …
         */
        void symbol(long address, char type, String name);
    }

    /** Bytes a page. */
    default int pageSize() {
        return 4096;
    }
}
