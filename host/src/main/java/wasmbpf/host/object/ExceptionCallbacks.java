package wasmbpf.host.object;

import java.util.ArrayList;
import java.util.List;

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

    private final ObjectSpec spec;
    /** The tags in BTF order; there are few. */
    private final List<BtfType.DeclTag> tags = new ArrayList<>();

    private ExceptionCallbacks(ObjectSpec spec) {
        this.spec = spec;
    }

    /** Those of an object; none on a kernel without declaration tags. */
    static ExceptionCallbacks of(ObjectSpec spec, KernelFacts facts) {
        ExceptionCallbacks callbacks = new ExceptionCallbacks(spec);
        Btf btf = spec.btf();
        if (btf != null && facts.has(KernelFacts.Feature.BTF_DECL_TAG)) {
            for (int id = btf.startId(); id < btf.typeCount(); id++) {
                if (btf.kind(id) == BtfKind.DECL_TAG && btf.type(id) instanceof BtfType.DeclTag tag
                        && tag.componentIndex() == -1 && tag.name().startsWith(TAG)) {
                    callbacks.tags.add(tag);
                }
            }
        }
        return callbacks;
    }

    /** The callback of that program, or null: none is named, or several are, which the verifier refuses itself. */
    ProgramSpec of(ProgramSpec program) {
        ProgramSpec callback = null;
        for (BtfType.DeclTag tag : tags) {
            if (!(spec.btf().type(tag.typeId()) instanceof BtfType.Func function)
                    || function.linkage() != FuncLinkage.GLOBAL) {
                throw error(program, "tag \"" + tag.name() + "\" is not on an entry program");
            }
            if (function.name().equals(program.name())) {
                if (callback != null) {
                    return null;
                }
                callback = find(program, tag.name().substring(TAG.length()));
            }
        }
        return callback;
    }

    private ProgramSpec find(ProgramSpec program, String name) {
        for (ProgramSpec each : spec.programs()) {
            if (each.subprogram() && each.name().equals(name)) {
                if (!each.global() || each.hidden()) {
                    throw error(program, "exception callback \"" + name
                            + "\" has to be a global function that is not hidden");
                }
                return each;
            }
        }
        throw error(program, "exception callback \"" + name + "\" is no function of section .text");
    }

    private ObjectException error(ProgramSpec program, String problem) {
        return new ObjectException("object \"" + spec.name() + "\": program \"" + program.name() + "\": " + problem);
    }
}
