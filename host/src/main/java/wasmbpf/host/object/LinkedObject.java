package wasmbpf.host.object;

import java.util.List;

import wasmbpf.core.ReloReport;

/**
 * An object's programs linked for one kernel.
 *
 * @param spec     what it was made from
 * @param programs the entry programs to load, in the object's order
 * @param btf      BTF to submit with BPF_BTF_LOAD on a kernel that knows all of it, or null if the object has none
 * @param arenaOffset where the arena's variables start in it, bytes; 0 without an arena
 * @param reports  what CO-RE did, one report a function that has such relocations, in the order they were made
 */
public record LinkedObject(ObjectSpec spec, List<LinkedProgram> programs, byte[] btf, long arenaOffset,
                           List<CoreReport> reports) {
    /** What CO-RE did to one function. */
    public record CoreReport(ProgramSpec program, ReloReport report) {
    }

    /** The linked form of that program, or null if it is not to be loaded. */
    public LinkedProgram program(ProgramSpec spec) {
        for (LinkedProgram program : programs) {
            if (program.program() == spec) {
                return program;
            }
        }
        return null;
    }
}
