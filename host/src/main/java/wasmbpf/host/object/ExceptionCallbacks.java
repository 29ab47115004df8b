package wasmbpf.host.object;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.FuncLinkage;

/**
 * The function a program runs after {@code bpf_throw}, named by {@code __attribute__((btf_decl_tag
 * ("exception_callback:NAME")))}: libbpf {@code bpf_prog_assign_exc_cb}.
 */
final class ExceptionCallbacks {
    private static final String TAG = "exception_callback:";

    private ExceptionCallbacks() {
    }

    /** The callback of that program, or null: none is named, or several are, which the verifier refuses itself. */
    static ProgramSpec of(ObjectSpec spec, ProgramSpec program, KernelFacts facts) {
        Btf btf = spec.btf();
        if (btf == null || !facts.has(KernelFacts.Feature.BTF_DECL_TAG)) {
            return null;
        }
        ProgramSpec callback = null;
        for (int id = btf.startId(); id < btf.typeCount(); id++) {
            if (btf.kind(id) != BtfKind.DECL_TAG || !(btf.type(id) instanceof BtfType.DeclTag tag)
                    || tag.componentIndex() != -1 || !tag.name().startsWith(TAG)) {
                continue;
            }
            if (!(btf.type(tag.typeId()) instanceof BtfType.Func function) || function.linkage() != FuncLinkage.GLOBAL) {
                throw error(spec, program, "tag \"" + tag.name() + "\" is not on an entry program");
            }
            if (!function.name().equals(program.name())) {
                continue;
            }
            if (callback != null) {
                return null;
            }
            callback = find(spec, program, tag.name().substring(TAG.length()));
        }
        return callback;
    }

    private static ProgramSpec find(ObjectSpec spec, ProgramSpec program, String name) {
        for (ProgramSpec each : spec.programs()) {
            if (each.subprogram() && each.name().equals(name)) {
                if (!each.global() || each.hidden()) {
                    throw error(spec, program, "exception callback \"" + name
                            + "\" has to be a global function that is not hidden");
                }
                return each;
            }
        }
        throw error(spec, program, "exception callback \"" + name + "\" is no function of section .text");
    }

    private static ObjectException error(ObjectSpec spec, ProgramSpec program, String problem) {
        return new ObjectException("object \"" + spec.name() + "\": program \"" + program.name() + "\": " + problem);
    }
}
