package wasmbpf.host.load;

import wasmbpf.core.ReloReport;
import wasmbpf.host.object.LinkedObject;
import wasmbpf.host.object.LinkedProgram;
import wasmbpf.host.object.ProgramSpec;

/**
 * Explains calls of helpers that do not exist, which linking puts where something is missing: libbpf
 * {@code fixup_verifier_log}.
 */
record Poisons(LinkedObject object, LinkedProgram program) implements VerifierLog.Diagnosis {
    private static final int CORE = 195896080;
    private static final int MAPS = 2001000000;
    private static final int KFUNCS = 2002000000;
    private static final int RANGE = 1_000_000;

    @Override
    public String poisonAt(int insnIndex, int helper) {
        if (helper == CORE) {
            return core(insnIndex);
        }
        if (helper >= KFUNCS && helper < KFUNCS + RANGE) {
            int index = helper - KFUNCS;
            return index < object.spec().externs().size()
                    ? "calls kernel function \"" + object.spec().externs().get(index).name()
                            + "\", which this kernel does not have; guard the call with bpf_ksym_exists"
                    : null;
        }
        if (helper >= MAPS && helper < MAPS + RANGE) {
            int index = helper - MAPS;
            return index < object.spec().maps().size()
                    ? "uses map \"" + object.spec().maps().get(index).name() + "\", whose autocreate is off"
                    : null;
        }
        return null;
    }

    private String core(int insnIndex) {
        ProgramSpec function = program.program();
        int start = 0;
        for (LinkedProgram.AppendedSubprogram appended : program.subprograms()) {
            if (appended.insnOffset() <= insnIndex && appended.insnOffset() >= start) {
                function = appended.subprogram();
                start = appended.insnOffset();
            }
        }
        for (LinkedObject.CoreReport report : object.reports()) {
            if (report.program() == function) {
                ReloReport.Line line = report.report().poisonAt(insnIndex - start);
                if (line != null) {
                    return "invalid CO-RE relocation: " + line.explanation();
                }
            }
        }
        return null;
    }
}
