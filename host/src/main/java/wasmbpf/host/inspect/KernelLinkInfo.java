package wasmbpf.host.inspect;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfLinkType;
import wasmbpf.sys.BpfProgType;
import wasmbpf.sys.Fd;
import wasmbpf.sys.InfoStructs.LinkInfo;
import wasmbpf.sys.InfoStructs.ProgInfo;
import wasmbpf.sys.StructField;
import wasmbpf.sys.StructValue;

/**
 * A link in the kernel: what is attached where.
 *
 * @param programId of the program; of a struct_ops link, 0
 * @param details   where it is attached, by the names of bpftool's JSON
 * @param lines     the same as bpftool's plain lines, without the tab
 */
public record KernelLinkInfo(int id, int type, int programId, Map<String, Object> details, List<String> lines) {
    private static final int NAME_BYTES = 4096;
    private static final String[] HOOKS = {"pre_routing", "local_in", "forward", "local_out", "post_routing"};
    private static final String[] PERF_TYPES = {"hardware", "software", "tracepoint", "hw-cache", "raw", "breakpoint"};

    /** @param fd stays the caller's */
    public static KernelLinkInfo of(KernelObjects objects, Fd fd) {
        try (Arena arena = Arena.ofConfined(); StructValue info = LinkInfo.STRUCT.allocate()) {
            objects.info(fd, info);
            BpfLinkType type = BpfLinkType.of(info.getInt(LinkInfo.TYPE));
            Details details = new Details(objects, fd, info, arena);
            if (type != null) {
                details.of(type);
            }
            return new KernelLinkInfo(info.getInt(LinkInfo.ID), info.getInt(LinkInfo.TYPE), info.getInt(LinkInfo.PROG_ID),
                    details.row, details.lines);
        }
    }

    /** bpftool's name of the type; null if this library does not know it. */
    public String typeName() {
        BpfLinkType known = BpfLinkType.of(type);
        return known == null ? null : known.name().toLowerCase(Locale.ROOT);
    }

    /** As a row of {@code bpftool -j link list}. */
    Map<String, Object> row(List<String> pins, Holders holders) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", Integer.toUnsignedLong(id));
        row.put("type", typeName() == null ? Integer.toUnsignedLong(type) : typeName());
        if (type != BpfLinkType.STRUCT_OPS.number()) {
            row.put("prog_id", programId);
        }
        row.putAll(details);
        if (!pins.isEmpty()) {
            row.put("pinned", pins);
        }
        List<Object> pids = holders.rows(id);
        if (pids != null) {
            row.put("pids", pids);
        }
        return row;
    }

    /** As {@code bpftool link list} prints it, with a line feed at the end. */
    String text(List<String> pins, Holders holders) {
        StringBuilder out = new StringBuilder();
        out.append(Integer.toUnsignedString(id)).append(": ")
                .append(typeName() == null ? "type " + Integer.toUnsignedString(type) : typeName()).append("  ");
        out.append(type == BpfLinkType.STRUCT_OPS.number() ? "map " + details.get("map_id") : "prog " + programId)
                .append("  ");
        lines.forEach(line -> out.append("\n\t").append(line));
        pins.forEach(pin -> out.append("\n\tpinned ").append(pin));
        return out.append(holders.text(id)).append('\n').toString();
    }

    /** Reads what is particular to a type; fields with buffers take a second call. */
    private static final class Details {
        private final KernelObjects objects;
        private final Fd fd;
        private final StructValue info;
        private final Arena arena;
        private final Map<String, Object> row = new LinkedHashMap<>();
        private final List<String> lines = new ArrayList<>();
        private StringBuilder line = new StringBuilder();

        Details(KernelObjects objects, Fd fd, StructValue info, Arena arena) {
            this.objects = objects;
            this.fd = fd;
            this.info = info;
            this.arena = arena;
        }

        void of(BpfLinkType type) {
            switch (type) {
                case RAW_TRACEPOINT -> {
                    String name = text(LinkInfo.RAW_TRACEPOINT_TP_NAME);
                    put("tp_name", name, "tp '" + name + "'");
                    cookie(LinkInfo.RAW_TRACEPOINT_COOKIE);
                }
                case TRACING -> tracing();
                case CGROUP -> {
                    number("cgroup_id", LinkInfo.CGROUP_CGROUP_ID);
                    attachType(LinkInfo.CGROUP_ATTACH_TYPE);
                }
                case ITER -> iterator();
                case NETNS -> {
                    number("netns_ino", LinkInfo.NETNS_NETNS_INO);
                    attachType(LinkInfo.NETNS_ATTACH_TYPE);
                }
                case XDP -> networkInterface(LinkInfo.XDP_IFINDEX);
                case TCX -> {
                    networkInterface(LinkInfo.TCX_IFINDEX);
                    attachType(LinkInfo.TCX_ATTACH_TYPE);
                }
                case NETKIT -> {
                    networkInterface(LinkInfo.NETKIT_IFINDEX);
                    attachType(LinkInfo.NETKIT_ATTACH_TYPE);
                }
                case STRUCT_OPS -> row.put("map_id", info.get(LinkInfo.STRUCT_OPS_MAP_ID));
                case SOCKMAP -> {
                    number("map_id", LinkInfo.SOCKMAP_MAP_ID);
                    attachType(LinkInfo.SOCKMAP_ATTACH_TYPE);
                }
                case NETFILTER -> netfilter();
                case PERF_EVENT -> perfEvent();
                case KPROBE_MULTI -> {
                    boolean returns = (info.getInt(LinkInfo.KPROBE_MULTI_FLAGS) & 1) != 0;
                    row.put("retprobe", returns);
                    line.append(returns ? "kretprobe.multi  " : "kprobe.multi  ");
                    number("func_cnt", LinkInfo.KPROBE_MULTI_COUNT);
                    unlessZero("missed", LinkInfo.KPROBE_MULTI_MISSED);
                    functions();
                }
                case UPROBE_MULTI -> uprobes();
                case TRACING_MULTI, UNSPEC -> { }
            }
            if (!line.isEmpty()) {
                lines.addFirst(line.toString());
            }
        }

        private void put(String key, Object value, String text) {
            row.put(key, value);
            line.append(text).append("  ");
        }

        private void number(String key, StructField field) {
            long value = info.get(field);
            put(key, value, key + " " + Long.toUnsignedString(value));
        }

        private void unlessZero(String key, StructField field) {
            if (info.get(field) != 0) {
                number(key, field);
            }
        }

        private void cookie(StructField field) {
            unlessZero("cookie", field);
        }

        private void attachType(StructField field) {
            int number = info.getInt(field);
            BpfAttachType known = BpfAttachType.of(number);
            String name = known == null ? Integer.toString(number) : known.name().toLowerCase(Locale.ROOT);
            put("attach_type", name, "attach_type " + name);
        }

        private void networkInterface(StructField field) {
            int index = info.getInt(field);
            String name = index == 0 ? "(detached)" : interfaceName(index);
            row.put("devname", name);
            put("ifindex", index, "ifindex " + name + (index == 0 ? "" : "(" + index + ")"));
        }

        private static String interfaceName(int index) {
            try {
                NetworkInterface found = NetworkInterface.getByIndex(index);
                return found == null ? "(unknown)" : found.getName();
            } catch (SocketException e) {
                return "(unknown)";
            }
        }

        private void tracing() {
            try (StructValue program = ProgInfo.STRUCT.allocate();
                    Fd open = objects.open(KernelObjects.Kind.PROGRAM, info.getInt(LinkInfo.PROG_ID))) {
                if (open != null) {
                    objects.info(open, program);
                    BpfProgType type = BpfProgType.of(program.getInt(ProgInfo.TYPE));
                    if (type != null) {
                        String name = type.name().toLowerCase(Locale.ROOT);
                        put("prog_type", name, "prog_type " + name);
                    }
                }
            }
            attachType(LinkInfo.TRACING_ATTACH_TYPE);
            if (info.getInt(LinkInfo.TRACING_TARGET_OBJ_ID) != 0 || info.getInt(LinkInfo.TRACING_TARGET_BTF_ID) != 0) {
                lines.add("target_obj_id " + info.get(LinkInfo.TRACING_TARGET_OBJ_ID) + "  target_btf_id "
                        + info.get(LinkInfo.TRACING_TARGET_BTF_ID) + "  ");
                row.put("target_obj_id", info.get(LinkInfo.TRACING_TARGET_OBJ_ID));
                row.put("target_btf_id", info.get(LinkInfo.TRACING_TARGET_BTF_ID));
            }
            if (info.get(LinkInfo.TRACING_COOKIE) != 0) {
                row.put("cookie", info.get(LinkInfo.TRACING_COOKIE));
                lines.add("cookie " + Long.toUnsignedString(info.get(LinkInfo.TRACING_COOKIE)) + "  ");
            }
        }

        private void iterator() {
            String target = text(LinkInfo.ITER_TARGET_NAME);
            put("target_name", target, "target_name " + target);
            switch (target) {
                case "bpf_map_elem", "bpf_sk_storage_map" -> number("map_id", LinkInfo.ITER_MAP_MAP_ID);
                case "cgroup" -> {
                    number("cgroup_id", LinkInfo.ITER_CGROUP_CGROUP_ID);
                    number("order", LinkInfo.ITER_CGROUP_ORDER);
                }
                case "task", "task_file", "task_vma" -> {
                    unlessZero("tid", LinkInfo.ITER_TASK_TID);
                    unlessZero("pid", LinkInfo.ITER_TASK_PID);
                }
                default -> { }
            }
        }

        private void netfilter() {
            int family = info.getInt(LinkInfo.NETFILTER_PF);
            int hook = info.getInt(LinkInfo.NETFILTER_HOOKNUM);
            String name = family == 2 ? "ip" : family == 10 ? "ip6" : "pf: " + family;
            String hookName = hook >= 0 && hook < HOOKS.length ? HOOKS[hook] : "hook " + hook;
            line.append(name).append(' ').append(hookName).append(" prio ").append(info.get(LinkInfo.NETFILTER_PRIORITY));
            row.put("pf", family);
            row.put("hook", hook);
            row.put("prio", info.get(LinkInfo.NETFILTER_PRIORITY));
            row.put("flags", info.get(LinkInfo.NETFILTER_FLAGS));
            if (info.getInt(LinkInfo.NETFILTER_FLAGS) != 0) {
                line.append(" flags 0x").append(Integer.toHexString(info.getInt(LinkInfo.NETFILTER_FLAGS)));
            }
        }

        /** {@code enum bpf_perf_event_type}: 1 uprobe, 2 uretprobe, 3 kprobe, 4 kretprobe, 5 tracepoint, 6 event. */
        private void perfEvent() {
            int kind = info.getInt(LinkInfo.PERF_EVENT_TYPE);
            // The name lies at the same place for all of them.
            String name = kind >= 1 && kind <= 5 ? text(LinkInfo.PERF_EVENT_UPROBE_FILE_NAME) : "";
            boolean returns = kind == 2 || kind == 4;
            switch (kind) {
                case 1, 2 -> {
                    row.put("retprobe", returns);
                    row.put("file", name);
                    row.put("offset", info.get(LinkInfo.PERF_EVENT_UPROBE_OFFSET));
                    line.append(returns ? "uretprobe " : "uprobe ").append(name).append("+0x")
                            .append(Long.toHexString(info.get(LinkInfo.PERF_EVENT_UPROBE_OFFSET))).append("  ");
                    cookie(LinkInfo.PERF_EVENT_UPROBE_COOKIE);
                    unlessZero("ref_ctr_offset", LinkInfo.PERF_EVENT_UPROBE_REF_CTR_OFFSET);
                }
                case 3, 4 -> {
                    row.put("retprobe", returns);
                    row.put("addr", info.get(LinkInfo.PERF_EVENT_KPROBE_ADDR));
                    row.put("func", name);
                    row.put("offset", info.get(LinkInfo.PERF_EVENT_KPROBE_OFFSET));
                    line.append(returns ? "kretprobe " : "kprobe ");
                    if (info.get(LinkInfo.PERF_EVENT_KPROBE_ADDR) != 0) {
                        line.append(Long.toHexString(info.get(LinkInfo.PERF_EVENT_KPROBE_ADDR))).append(' ');
                    }
                    line.append(name);
                    if (info.get(LinkInfo.PERF_EVENT_KPROBE_OFFSET) != 0) {
                        line.append("+0x").append(Long.toHexString(info.get(LinkInfo.PERF_EVENT_KPROBE_OFFSET)));
                    }
                    line.append("  ");
                    unlessZero("missed", LinkInfo.PERF_EVENT_KPROBE_MISSED);
                    cookie(LinkInfo.PERF_EVENT_KPROBE_COOKIE);
                }
                case 5 -> {
                    put("tracepoint", name, "tracepoint " + name);
                    cookie(LinkInfo.PERF_EVENT_TRACEPOINT_COOKIE);
                }
                case 6 -> {
                    int type = info.getInt(LinkInfo.PERF_EVENT_EVENT_TYPE);
                    String typeName = type >= 0 && type < PERF_TYPES.length ? PERF_TYPES[type] : Integer.toString(type);
                    row.put("event_type", typeName);
                    row.put("event_config", info.get(LinkInfo.PERF_EVENT_EVENT_CONFIG));
                    line.append("event ").append(typeName).append(':')
                            .append(Long.toUnsignedString(info.get(LinkInfo.PERF_EVENT_EVENT_CONFIG))).append("  ");
                    cookie(LinkInfo.PERF_EVENT_EVENT_COOKIE);
                }
                default -> { }
            }
        }

        private void functions() {
            int count = (int) Math.min(info.get(LinkInfo.KPROBE_MULTI_COUNT), 1 << 20);
            if (count == 0) {
                return;
            }
            MemorySegment addresses = arena.allocate(8L * count, 8);
            info.clear().point(LinkInfo.KPROBE_MULTI_ADDRS, addresses);
            objects.info(fd, info);
            KernelSymbols symbols = KernelSymbols.read();
            List<Object> functions = new ArrayList<>();
            lines.add("addr             func");
            for (int i = 0; i < count; i++) {
                long address = addresses.getAtIndex(ValueLayout.JAVA_LONG, i);
                String name = symbols.at(address);
                Map<String, Object> function = new LinkedHashMap<>();
                function.put("addr", address);
                function.put("func", name == null ? "" : name);
                functions.add(function);
                lines.add(String.format("%016x %s", address, name == null ? "" : name));
            }
            row.put("funcs", functions);
        }

        private void uprobes() {
            int flags = info.getInt(LinkInfo.UPROBE_MULTI_FLAGS);
            long pid = info.get(LinkInfo.UPROBE_MULTI_PID);
            int count = (int) Math.min(info.get(LinkInfo.UPROBE_MULTI_COUNT), 1 << 20);
            MemorySegment path = arena.allocate(NAME_BYTES);
            MemorySegment offsets = arena.allocate(8L * Math.max(1, count), 8);
            info.clear().point(LinkInfo.UPROBE_MULTI_PATH, path);
            if (count > 0) {
                info.point(LinkInfo.UPROBE_MULTI_OFFSETS, offsets);
            }
            objects.info(fd, info);
            row.put("retprobe", (flags & 1) != 0);
            line.append((flags & 1) != 0 ? "uretprobe.multi  " : "uprobe.multi  ");
            put("path", path.getString(0), "path " + path.getString(0));
            put("func_cnt", count, "func_cnt " + count);
            put("pid", pid, "pid " + pid);
            List<Object> functions = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                long offset = offsets.getAtIndex(ValueLayout.JAVA_LONG, i);
                functions.add(Map.of("offset", offset));
                lines.add("0x" + Long.toHexString(offset));
            }
            row.put("funcs", functions);
        }

        /** The text of a field with a buffer. */
        private String text(StructField field) {
            MemorySegment buffer = arena.allocate(NAME_BYTES);
            info.clear().point(field, buffer);
            objects.info(fd, info);
            return buffer.getString(0);
        }
    }
}
