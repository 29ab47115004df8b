package wasmbpf.host.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import wasmbpf.sys.BpfProgType;

/** Logs as kernels wrote them. */
class VerifierLogTest {
    private static String summary(String text, VerifierLog.Diagnosis diagnosis) {
        return new VerifierLog("p", text).summary(diagnosis, BpfProgType.TRACEPOINT);
    }

    @Test
    void givesTheLastUsefulLineWithTheSourceBeforeIt() {
        assertEquals("\"return *p;\" (a.c:5): R1 invalid mem access 'scalar' (6 more log lines; "
                + "--verifier-log FILE|- prints all)", summary("""
                func#0 @0
                ; int f(void *ctx) @ a.c:3
                0: (b7) r1 = 0                        ; R1_w=0
                ; return *p; @ a.c:5
                1: (61) r0 = *(u32 *)(r1 +0)
                R1 invalid mem access 'scalar'
                processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
                """, null));
    }

    @Test
    void doesWithoutSourceWhereTheObjectHasNone() {
        assertEquals("R1 type=ctx expected=fp", summary("R1 type=ctx expected=fp\n", null));
        assertEquals("no reason given", summary("processed 0 insns\n\n", null));
    }

    @Test
    void explainsHelpersInTheWordsOfEveryKernel() {
        String explained = "this kernel has no helper bpf_ringbuf_output for programs of type BPF_PROG_TYPE_TRACEPOINT (";
        assertEquals(explained + "unknown func bpf_ringbuf_output#130)", summary("unknown func bpf_ringbuf_output#130\n", null));
        assertEquals(explained + "invalid func unknown#130)", summary("invalid func unknown#130\n", null));
        assertEquals(explained + "program of this type cannot use helper bpf_ringbuf_output#130)",
                summary("program of this type cannot use helper bpf_ringbuf_output#130\n", null));
    }

    @Test
    void asksWhatStoodWhereAnImpossibleHelperIsCalled() {
        assertEquals("field 9 is missing (1 more log line; --verifier-log FILE|- prints all)", summary("""
                9: (85) call unknown#195896080
                invalid func unknown#195896080
                """, (insn, helper) -> helper == 195896080 ? "field " + insn + " is missing" : null));
    }

    @Test
    void numbersThatAreNoneDoNoHarm() {
        assertEquals("invalid func unknown#99999999999999", summary("invalid func unknown#99999999999999\n", null));
        assertEquals("invalid func unknown#195896080",
                summary("invalid func unknown#195896080\n", (insn, helper) -> "never"));
    }
}
