package wasmbpf.host.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;

import wasmbpf.host.load.StandInKernel;
import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfAttrs.ObjInfo;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfLinkType;
import wasmbpf.sys.BpfProgType;
import wasmbpf.sys.Fd;
import wasmbpf.sys.InfoStructs.LinkInfo;
import wasmbpf.sys.InfoStructs.ProgInfo;
import wasmbpf.sys.StructField;
import wasmbpf.sys.StructValue;

/** Links of kinds that the kernel the tests run on may refuse, from what a kernel would say of them. */
class KernelLinkInfoTest {
    /** Describes one link, its program, and the text of its name. */
    private static final class Kernel extends StandInKernel {
        private final BpfLinkType type;
        private final Consumer<StructValue> facts;
        private final String name;

        Kernel(BpfLinkType type, String name, Consumer<StructValue> facts) {
            this.type = type;
            this.name = name;
            this.facts = facts;
        }

        @Override
        protected Integer answer(BpfCommand command, StructValue attr) {
            if (command != BpfCommand.OBJ_GET_INFO_BY_FD) {
                return super.answer(command, attr);
            }
            StructValue info = attr.pointedStruct(ObjInfo.INFO);
            if (info.struct() == ProgInfo.STRUCT) {
                info.set(ProgInfo.TYPE, BpfProgType.TRACING.number());
                return 0;
            }
            // Text goes where the caller has pointed.
            for (StructField field : info.struct().fields()) {
                if (field.isPointer() && info.isSet(field) && field.content() == StructField.Content.TEXT) {
                    byte[] bytes = (name + '\0').getBytes(StandardCharsets.US_ASCII);
                    at(info.get(field), bytes.length).copyFrom(MemorySegment.ofArray(bytes));
                }
            }
            info.set(LinkInfo.TYPE, type.number()).set(LinkInfo.ID, 3).set(LinkInfo.PROG_ID, 7);
            facts.accept(info);
            return 0;
        }
    }

    private static KernelLinkInfo describe(BpfLinkType type, String name, Consumer<StructValue> facts) {
        Kernel kernel = new Kernel(type, name, facts);
        KernelObjects objects = new KernelObjects(kernel);
        try (Fd fd = Fd.of(kernel, kernel.newFd("link"), "link")) {
            return KernelLinkInfo.of(objects, fd);
        }
    }

    private static void is(KernelLinkInfo link, String where, Map<String, Object> details) {
        assertEquals("3: " + link.typeName() + "  prog 7  " + where + "\n", link.text(List.of(), Holders.of(KernelObjects.Kind.MAP)));
        assertEquals(details, link.details());
    }

    @Test
    void tracing() {
        is(describe(BpfLinkType.TRACING, "", info -> info.set(LinkInfo.TRACING_ATTACH_TYPE, BpfAttachType.TRACE_FENTRY.number())
                .set(LinkInfo.TRACING_TARGET_OBJ_ID, 1).set(LinkInfo.TRACING_TARGET_BTF_ID, 1234)),
                "\n\tprog_type tracing  attach_type trace_fentry  \n\ttarget_obj_id 1  target_btf_id 1234  ",
                Map.of("prog_type", "tracing", "attach_type", "trace_fentry", "target_obj_id", 1L, "target_btf_id", 1234L));
    }

    @Test
    void cgroupsAndNamespacesAndInterfaces() {
        is(describe(BpfLinkType.CGROUP, "", info -> info.set(LinkInfo.CGROUP_CGROUP_ID, 99)
                .set(LinkInfo.CGROUP_ATTACH_TYPE, BpfAttachType.CGROUP_SOCK_OPS.number())),
                "\n\tcgroup_id 99  attach_type cgroup_sock_ops  ", Map.of("cgroup_id", 99L, "attach_type", "cgroup_sock_ops"));
        is(describe(BpfLinkType.NETNS, "", info -> info.set(LinkInfo.NETNS_NETNS_INO, 4026531840L)
                .set(LinkInfo.NETNS_ATTACH_TYPE, BpfAttachType.SK_LOOKUP.number())),
                "\n\tnetns_ino 4026531840  attach_type sk_lookup  ", Map.of("netns_ino", 4026531840L, "attach_type", "sk_lookup"));
        is(describe(BpfLinkType.XDP, "", info -> info.set(LinkInfo.XDP_IFINDEX, 0)), "\n\tifindex (detached)  ",
                Map.of("devname", "(detached)", "ifindex", 0));
        is(describe(BpfLinkType.NETFILTER, "", info -> info.set(LinkInfo.NETFILTER_PF, 2).set(LinkInfo.NETFILTER_HOOKNUM, 1)
                .set(LinkInfo.NETFILTER_PRIORITY, -128)), "\n\tip local_in prio -128",
                Map.of("pf", 2, "hook", 1, "prio", -128L, "flags", 0L));
    }

    @Test
    void perfEvents() {
        is(describe(BpfLinkType.PERF_EVENT, "do_unlinkat", info -> info.set(LinkInfo.PERF_EVENT_TYPE, 4)
                .set(LinkInfo.PERF_EVENT_KPROBE_ADDR, 0xffffffff81234560L).set(LinkInfo.PERF_EVENT_KPROBE_OFFSET, 4)
                .set(LinkInfo.PERF_EVENT_KPROBE_MISSED, 2).set(LinkInfo.PERF_EVENT_KPROBE_COOKIE, 0)),
                "\n\tkretprobe ffffffff81234560 do_unlinkat+0x4  missed 2  ", Map.of("retprobe", true, "addr", 0xffffffff81234560L,
                        "func", "do_unlinkat", "offset", 4L, "missed", 2L));
        is(describe(BpfLinkType.PERF_EVENT, "/usr/lib/libc.so.6", info -> info.set(LinkInfo.PERF_EVENT_TYPE, 1)
                .set(LinkInfo.PERF_EVENT_UPROBE_OFFSET, 0x1000).set(LinkInfo.PERF_EVENT_UPROBE_COOKIE, 5)),
                "\n\tuprobe /usr/lib/libc.so.6+0x1000  cookie 5  ", Map.of("retprobe", false, "file", "/usr/lib/libc.so.6",
                        "offset", 4096L, "cookie", 5L));
        is(describe(BpfLinkType.PERF_EVENT, "", info -> info.set(LinkInfo.PERF_EVENT_TYPE, 6)
                .set(LinkInfo.PERF_EVENT_EVENT_TYPE, 1).set(LinkInfo.PERF_EVENT_EVENT_CONFIG, 0)),
                "\n\tevent software:0  ", Map.of("event_type", "software", "event_config", 0L));
    }

    @Test
    void whatANewerKernelHasIsANumber() {
        KernelLinkInfo link = describe(BpfLinkType.UNSPEC, "", info -> info.set(LinkInfo.TYPE, 77));
        assertEquals("3: type 77  prog 7  \n", link.text(List.of(), Holders.of(KernelObjects.Kind.MAP)));
        assertEquals(77L, link.row(List.of(), Holders.of(KernelObjects.Kind.MAP)).get("type"));
        KernelLinkInfo ops = describe(BpfLinkType.STRUCT_OPS, "", info -> info.set(LinkInfo.STRUCT_OPS_MAP_ID, 12));
        assertEquals("3: struct_ops  map 12  \n\tpinned /sys/fs/bpf/x\n",
                ops.text(List.of("/sys/fs/bpf/x"), Holders.of(KernelObjects.Kind.MAP)));
    }
}
