package wasmbpf.host.abi;

import wasmbpf.host.load.LoadedProgram;
import wasmbpf.host.wasi.Descriptor;

/** A guest's descriptor of a program of an object it loaded; the kernel's stays the object's. */
final class GuestProgram extends Descriptor {
    private final GuestObject object;
    private final LoadedProgram program;

    GuestProgram(GuestObject object, LoadedProgram program) {
        super(program.fd(), false);
        this.object = object;
        this.program = program;
    }

    GuestObject object() {
        return object;
    }

    LoadedProgram program() {
        return program;
    }
}
