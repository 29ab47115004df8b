package wasmbpf.host.object;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringTokenizer;

import wasmbpf.host.object.SectionDef.AutoAttach;
import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfProgType;

/**
 * The SEC() table: which program type, attach type and flags a section name stands for.
 *
 * <p>The rows are libbpf 1.8's {@code section_defs}; the patterns are such that no section name falls under two of
 * them, so their order says nothing and they are grouped by subsystem here. {@link #find} answers as libbpf does.
 * {@link #findForeign} adds the names that other loaders and libbpf before 1.0 accept: a row without {@code +}
 * followed by anything ({@code classifier/filter}, {@code socket1}, {@code xdp_pass}).
 */
public final class SectionDefs {
    /** pattern, program type, attach type, flags, automatic attach. OPT: attachable, optional. */
    private static final String TABLE = """
            # Tracing: probes
            kprobe+                  KPROBE                  -                              -             KPROBE
            uprobe+                  KPROBE                  -                              -             UPROBE
            uprobe.s+                KPROBE                  -                              SLEEPABLE     UPROBE
            kretprobe+               KPROBE                  -                              -             KPROBE
            uretprobe+               KPROBE                  -                              -             UPROBE
            uretprobe.s+             KPROBE                  -                              SLEEPABLE     UPROBE
            kprobe.multi+            KPROBE                  TRACE_KPROBE_MULTI             -             KPROBE_MULTI
            kretprobe.multi+         KPROBE                  TRACE_KPROBE_MULTI             -             KPROBE_MULTI
            kprobe.session+          KPROBE                  TRACE_KPROBE_SESSION           -             KPROBE_SESSION
            uprobe.multi+            KPROBE                  TRACE_UPROBE_MULTI             -             UPROBE_MULTI
            uretprobe.multi+         KPROBE                  TRACE_UPROBE_MULTI             -             UPROBE_MULTI
            uprobe.session+          KPROBE                  TRACE_UPROBE_SESSION           -             UPROBE_MULTI
            uprobe.multi.s+          KPROBE                  TRACE_UPROBE_MULTI             SLEEPABLE     UPROBE_MULTI
            uretprobe.multi.s+       KPROBE                  TRACE_UPROBE_MULTI             SLEEPABLE     UPROBE_MULTI
            uprobe.session.s+        KPROBE                  TRACE_UPROBE_SESSION           SLEEPABLE     UPROBE_MULTI
            ksyscall+                KPROBE                  -                              -             KSYSCALL
            kretsyscall+             KPROBE                  -                              -             KSYSCALL
            usdt+                    KPROBE                  -                              USDT          USDT
            usdt.s+                  KPROBE                  -                              SLEEPABLE|USDT USDT
            # Tracing: tracepoints
            tracepoint+              TRACEPOINT              -                              -             TRACEPOINT
            tp+                      TRACEPOINT              -                              -             TRACEPOINT
            tracepoint.s+            TRACEPOINT              -                              SLEEPABLE     TRACEPOINT
            tp.s+                    TRACEPOINT              -                              SLEEPABLE     TRACEPOINT
            raw_tracepoint+          RAW_TRACEPOINT          -                              -             RAW_TRACEPOINT
            raw_tp+                  RAW_TRACEPOINT          -                              -             RAW_TRACEPOINT
            raw_tracepoint.s+        RAW_TRACEPOINT          -                              SLEEPABLE     RAW_TRACEPOINT
            raw_tp.s+                RAW_TRACEPOINT          -                              SLEEPABLE     RAW_TRACEPOINT
            raw_tracepoint.w+        RAW_TRACEPOINT_WRITABLE -                              -             RAW_TRACEPOINT
            raw_tp.w+                RAW_TRACEPOINT_WRITABLE -                              -             RAW_TRACEPOINT
            perf_event               PERF_EVENT              -                              -             NONE
            # Tracing and security by BTF
            tp_btf+                  TRACING                 TRACE_RAW_TP                   BTF           TRACE
            tp_btf.s+                TRACING                 TRACE_RAW_TP                   BTF|SLEEPABLE TRACE
            fentry+                  TRACING                 TRACE_FENTRY                   BTF           TRACE
            fmod_ret+                TRACING                 MODIFY_RETURN                  BTF           TRACE
            fexit+                   TRACING                 TRACE_FEXIT                    BTF           TRACE
            fentry.s+                TRACING                 TRACE_FENTRY                   BTF|SLEEPABLE TRACE
            fmod_ret.s+              TRACING                 MODIFY_RETURN                  BTF|SLEEPABLE TRACE
            fexit.s+                 TRACING                 TRACE_FEXIT                    BTF|SLEEPABLE TRACE
            fsession+                TRACING                 TRACE_FSESSION                 BTF           TRACE
            fsession.s+              TRACING                 TRACE_FSESSION                 BTF|SLEEPABLE TRACE
            fsession.multi+          TRACING                 TRACE_FSESSION_MULTI           -             TRACING_MULTI
            fsession.multi.s+        TRACING                 TRACE_FSESSION_MULTI           SLEEPABLE     TRACING_MULTI
            fentry.multi+            TRACING                 TRACE_FENTRY_MULTI             -             TRACING_MULTI
            fexit.multi+             TRACING                 TRACE_FEXIT_MULTI              -             TRACING_MULTI
            fentry.multi.s+          TRACING                 TRACE_FENTRY_MULTI             SLEEPABLE     TRACING_MULTI
            fexit.multi.s+           TRACING                 TRACE_FEXIT_MULTI              SLEEPABLE     TRACING_MULTI
            freplace+                EXT                     -                              BTF           TRACE
            lsm+                     LSM                     LSM_MAC                        BTF           LSM
            lsm.s+                   LSM                     LSM_MAC                        BTF|SLEEPABLE LSM
            lsm_cgroup+              LSM                     LSM_CGROUP                     BTF           NONE
            iter+                    TRACING                 TRACE_ITER                     BTF           ITER
            iter.s+                  TRACING                 TRACE_ITER                     BTF|SLEEPABLE ITER
            syscall                  SYSCALL                 -                              SLEEPABLE     NONE
            struct_ops+              STRUCT_OPS              -                              -             NONE
            struct_ops.s+            STRUCT_OPS              -                              SLEEPABLE     NONE
            # Packets
            tc/ingress               SCHED_CLS               TCX_INGRESS                    -             NONE
            tc/egress                SCHED_CLS               TCX_EGRESS                     -             NONE
            tcx/ingress              SCHED_CLS               TCX_INGRESS                    -             NONE
            tcx/egress               SCHED_CLS               TCX_EGRESS                     -             NONE
            tc                       SCHED_CLS               -                              -             NONE
            classifier               SCHED_CLS               -                              -             NONE
            action                   SCHED_ACT               -                              -             NONE
            netkit/primary           SCHED_CLS               NETKIT_PRIMARY                 -             NONE
            netkit/peer              SCHED_CLS               NETKIT_PEER                    -             NONE
            xdp.frags/devmap         XDP                     XDP_DEVMAP                     FRAGS         NONE
            xdp/devmap               XDP                     XDP_DEVMAP                     ATTACHABLE    NONE
            xdp.frags/cpumap         XDP                     XDP_CPUMAP                     FRAGS         NONE
            xdp/cpumap               XDP                     XDP_CPUMAP                     ATTACHABLE    NONE
            xdp.frags                XDP                     XDP                            FRAGS         NONE
            xdp                      XDP                     XDP                            OPT           NONE
            lwt_in                   LWT_IN                  -                              -             NONE
            lwt_out                  LWT_OUT                 -                              -             NONE
            lwt_xmit                 LWT_XMIT                -                              -             NONE
            lwt_seg6local            LWT_SEG6LOCAL           -                              -             NONE
            flow_dissector           FLOW_DISSECTOR          FLOW_DISSECTOR                 OPT           NONE
            netfilter                NETFILTER               NETFILTER                      -             NONE
            # Sockets
            socket                   SOCKET_FILTER           -                              -             NONE
            sk_reuseport/migrate     SK_REUSEPORT            SK_REUSEPORT_SELECT_OR_MIGRATE ATTACHABLE    NONE
            sk_reuseport             SK_REUSEPORT            SK_REUSEPORT_SELECT            ATTACHABLE    NONE
            sockops                  SOCK_OPS                CGROUP_SOCK_OPS                OPT           NONE
            sk_skb/stream_parser     SK_SKB                  SK_SKB_STREAM_PARSER           OPT           NONE
            sk_skb/stream_verdict    SK_SKB                  SK_SKB_STREAM_VERDICT          OPT           NONE
            sk_skb/verdict           SK_SKB                  SK_SKB_VERDICT                 OPT           NONE
            sk_skb                   SK_SKB                  -                              -             NONE
            sk_msg                   SK_MSG                  SK_MSG_VERDICT                 OPT           NONE
            lirc_mode2               LIRC_MODE2              LIRC_MODE2                     OPT           NONE
            sk_lookup                SK_LOOKUP               SK_LOOKUP                      ATTACHABLE    NONE
            # Control groups
            cgroup_skb/ingress       CGROUP_SKB              CGROUP_INET_INGRESS            OPT           NONE
            cgroup_skb/egress        CGROUP_SKB              CGROUP_INET_EGRESS             OPT           NONE
            cgroup/skb               CGROUP_SKB              -                              -             NONE
            cgroup/sock_create       CGROUP_SOCK             CGROUP_INET_SOCK_CREATE        ATTACHABLE    NONE
            cgroup/sock_release      CGROUP_SOCK             CGROUP_INET_SOCK_RELEASE       ATTACHABLE    NONE
            cgroup/sock              CGROUP_SOCK             CGROUP_INET_SOCK_CREATE        OPT           NONE
            cgroup/post_bind4        CGROUP_SOCK             CGROUP_INET4_POST_BIND         ATTACHABLE    NONE
            cgroup/post_bind6        CGROUP_SOCK             CGROUP_INET6_POST_BIND         ATTACHABLE    NONE
            cgroup/bind4             CGROUP_SOCK_ADDR        CGROUP_INET4_BIND              ATTACHABLE    NONE
            cgroup/bind6             CGROUP_SOCK_ADDR        CGROUP_INET6_BIND              ATTACHABLE    NONE
            cgroup/connect4          CGROUP_SOCK_ADDR        CGROUP_INET4_CONNECT           ATTACHABLE    NONE
            cgroup/connect6          CGROUP_SOCK_ADDR        CGROUP_INET6_CONNECT           ATTACHABLE    NONE
            cgroup/connect_unix      CGROUP_SOCK_ADDR        CGROUP_UNIX_CONNECT            ATTACHABLE    NONE
            cgroup/sendmsg4          CGROUP_SOCK_ADDR        CGROUP_UDP4_SENDMSG            ATTACHABLE    NONE
            cgroup/sendmsg6          CGROUP_SOCK_ADDR        CGROUP_UDP6_SENDMSG            ATTACHABLE    NONE
            cgroup/sendmsg_unix      CGROUP_SOCK_ADDR        CGROUP_UNIX_SENDMSG            ATTACHABLE    NONE
            cgroup/recvmsg4          CGROUP_SOCK_ADDR        CGROUP_UDP4_RECVMSG            ATTACHABLE    NONE
            cgroup/recvmsg6          CGROUP_SOCK_ADDR        CGROUP_UDP6_RECVMSG            ATTACHABLE    NONE
            cgroup/recvmsg_unix      CGROUP_SOCK_ADDR        CGROUP_UNIX_RECVMSG            ATTACHABLE    NONE
            cgroup/getpeername4      CGROUP_SOCK_ADDR        CGROUP_INET4_GETPEERNAME       ATTACHABLE    NONE
            cgroup/getpeername6      CGROUP_SOCK_ADDR        CGROUP_INET6_GETPEERNAME       ATTACHABLE    NONE
            cgroup/getpeername_unix  CGROUP_SOCK_ADDR        CGROUP_UNIX_GETPEERNAME        ATTACHABLE    NONE
            cgroup/getsockname4      CGROUP_SOCK_ADDR        CGROUP_INET4_GETSOCKNAME       ATTACHABLE    NONE
            cgroup/getsockname6      CGROUP_SOCK_ADDR        CGROUP_INET6_GETSOCKNAME       ATTACHABLE    NONE
            cgroup/getsockname_unix  CGROUP_SOCK_ADDR        CGROUP_UNIX_GETSOCKNAME        ATTACHABLE    NONE
            cgroup/sysctl            CGROUP_SYSCTL           CGROUP_SYSCTL                  ATTACHABLE    NONE
            cgroup/getsockopt        CGROUP_SOCKOPT          CGROUP_GETSOCKOPT              ATTACHABLE    NONE
            cgroup/setsockopt        CGROUP_SOCKOPT          CGROUP_SETSOCKOPT              ATTACHABLE    NONE
            cgroup/dev               CGROUP_DEVICE           CGROUP_DEVICE                  OPT           NONE
            """;

    private static final List<SectionDef> ROWS = parse();

    private SectionDefs() {
    }

    /** Every row, in the order of the table. */
    public static List<SectionDef> rows() {
        return ROWS;
    }

    /**
     * The row that section name falls under, or null: libbpf {@code find_sec_def}.
     *
     * @param sectionName name of the section; a leading {@code ?} (do not load by itself) must already be gone
     */
    public static SectionDef find(String sectionName) {
        for (SectionDef row : ROWS) {
            if (row.matches(sectionName)) {
                return row;
            }
        }
        return null;
    }

    /**
     * As {@link #find}; where libbpf knows no row, the one with the longest fixed name that the section name starts
     * with, marked {@link SectionDef#foreign}; null if there is none.
     */
    public static SectionDef findForeign(String sectionName) {
        SectionDef found = find(sectionName);
        if (found != null) {
            return found;
        }
        for (SectionDef row : ROWS) {
            if (!row.takesTarget() && sectionName.startsWith(row.pattern())
                    && (found == null || row.pattern().length() > found.pattern().length())) {
                found = row;
            }
        }
        return found == null ? null : new SectionDef(found.pattern(), found.type(), found.attachType(),
                found.attachTypeOptional(), found.attachable(), found.attachesByBtf(), found.sleepable(),
                found.xdpFrags(), found.usdt(), found.autoAttach(), true);
    }

    private static List<SectionDef> parse() {
        List<SectionDef> rows = new ArrayList<>();
        for (String line : TABLE.split("\n")) {
            if (!line.startsWith("#")) {
                rows.add(row(columns(line)));
            }
        }
        return List.copyOf(rows);
    }

    /** Words between spaces. Not by {@code split(" +")}: a regular expression costs milliseconds of start-up. */
    private static String[] columns(String line) {
        StringTokenizer words = new StringTokenizer(line, " ");
        String[] columns = new String[words.countTokens()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = words.nextToken();
        }
        return columns;
    }

    private static SectionDef row(String[] column) {
        Set<String> flags = new HashSet<>(Arrays.asList(column[3].split("\\|")));
        // Whatever may do without expected_attach_type is attachable too: libbpf SEC_ATTACHABLE_OPT.
        boolean optional = flags.remove("OPT");
        SectionDef row = new SectionDef(column[0], BpfProgType.valueOf(column[1]),
                column[2].equals("-") ? BpfAttachType.of(0) : BpfAttachType.valueOf(column[2]),
                optional, flags.remove("ATTACHABLE") || optional, flags.remove("BTF"), flags.remove("SLEEPABLE"),
                flags.remove("FRAGS"), flags.remove("USDT"), AutoAttach.valueOf(column[4]), false);
        flags.remove("-");
        if (!flags.isEmpty()) {
            throw new AssertionError("flags " + flags + " of " + row);
        }
        return row;
    }
}
