package wasmbpf.host.inspect;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.host.load.DryLoad;
import wasmbpf.host.object.MapSpec;
import wasmbpf.sys.BpfAttrs.BtfLoad;
import wasmbpf.sys.BpfAttrs.MapCreate;
import wasmbpf.sys.BpfAttrs.MapElem;
import wasmbpf.sys.BpfAttrs.ObjPin;
import wasmbpf.sys.BpfAttrs.ProgBindMap;
import wasmbpf.sys.BpfAttrs.ProgLoad;

/** The calls of a {@link DryLoad} in order, feature probes left out, descriptors by the name of what they stand for. */
final class CallRows {
    private static final int KERNEL_NAME_CHARS = 15;

    private final Map<Long, String> names = new HashMap<>();
    private final Map<String, String> realNames = new HashMap<>();
    private final byte[] btf;
    private boolean started;

    private CallRows(DryLoad.Result result) {
        btf = result.linked() == null ? null : result.linked().btf();
        for (MapSpec map : result.spec().maps()) {
            realNames.put(cut(map.name()), map.realName());
            if (map.inner() != null) {
                realNames.put(cut(map.inner().name()), map.inner().name());
            }
        }
    }

    static List<Object> of(DryLoad.Result result) {
        CallRows rows = new CallRows(result);
        List<Object> all = new ArrayList<>();
        for (DryLoad.Call call : result.calls()) {
            Map<String, Object> row = rows.row(call);
            if (row != null) {
                if (call.result() < 0) {
                    row.put("ret", call.result());
                }
                all.add(row);
            }
        }
        return all;
    }

    private static String cut(String name) {
        return name.substring(0, Math.min(KERNEL_NAME_CHARS, name.length()));
    }

    private Map<String, Object> row(DryLoad.Call call) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("cmd", call.command().name());
        switch (call.command()) {
            case TOKEN_CREATE, BTF_GET_NEXT_ID -> { }
            case BTF_LOAD -> {
                byte[] blob = call.bytes(BtfLoad.BTF);
                if (!Arrays.equals(blob, btf)) {
                    // The question whether the kernel knows some kind of type.
                    return null;
                }
                row.put("size", blob.length);
                row.put("sha256", ObjectRows.sha256(blob));
            }
            case MAP_CREATE -> {
                return create(row, call);
            }
            case MAP_UPDATE_ELEM -> {
                row.put("map", names.get(call.number(MapElem.MAP_FD)));
                row.put("key", HexFormat.of().formatHex(call.bytes(MapElem.KEY)));
                if (call.fields().get(MapElem.VALUE) instanceof DryLoad.Omitted omitted) {
                    row.put("value_bytes", omitted.bytes());
                    return row;
                }
                byte[] value = call.bytes(MapElem.VALUE);
                String other = value.length == 4
                        ? names.get((long) ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt()) : null;
                row.put(other == null ? "value" : "value_fd", other == null ? HexFormat.of().formatHex(value) : other);
            }
            case MAP_FREEZE -> row.put("map", names.get(call.number(MapElem.MAP_FD)));
            case OBJ_GET -> row.put("path", call.text(ObjPin.PATHNAME));
            case OBJ_PIN -> {
                row.put("path", call.text(ObjPin.PATHNAME));
                row.put("fd", names.get(call.number(ObjPin.BPF_FD)));
            }
            case PROG_LOAD -> {
                if (SubmittedRows.isLoad(call)) {
                    names.put(call.result(), "prog:" + call.text(ProgLoad.PROG_NAME));
                    row.put("prog", call.text(ProgLoad.PROG_NAME));
                } else if (started) {
                    return null;
                } else {
                    // The first is the loader's question whether anything loads at all; those after it are probes.
                    started = true;
                    row.put("probe", true);
                    row.put("prog_type", call.number(ProgLoad.PROG_TYPE));
                    row.put("insns", HexFormat.of().formatHex(call.bytes(ProgLoad.INSNS)));
                }
            }
            case PROG_BIND_MAP -> {
                row.put("prog", names.get(call.number(ProgBindMap.PROG_FD)));
                row.put("map", names.get(call.number(ProgBindMap.MAP_FD)));
            }
            default -> {
                return null;
            }
        }
        return row;
    }

    private Map<String, Object> create(Map<String, Object> row, DryLoad.Call call) {
        String name = call.text(MapCreate.MAP_NAME);
        String real = realNames.get(name);
        if (real == null) {
            return null;
        }
        names.put(call.result(), real);
        row.put("map_name", name);
        row.put("map_type", call.number(MapCreate.MAP_TYPE));
        row.put("key_size", call.number(MapCreate.KEY_SIZE));
        row.put("value_size", call.number(MapCreate.VALUE_SIZE));
        row.put("max_entries", call.number(MapCreate.MAX_ENTRIES));
        ObjectRows.hex(row, "map_flags", call.number(MapCreate.MAP_FLAGS));
        if (call.number(MapCreate.BTF_FD) != 0) {
            row.put("btf", true);
        }
        ObjectRows.unlessZero(row, "btf_key_type_id", (int) call.number(MapCreate.BTF_KEY_TYPE_ID));
        ObjectRows.unlessZero(row, "btf_value_type_id", (int) call.number(MapCreate.BTF_VALUE_TYPE_ID));
        ObjectRows.unlessZero(row, "btf_vmlinux_value_type_id", (int) call.number(MapCreate.BTF_VMLINUX_VALUE_TYPE_ID));
        ObjectRows.hex(row, "map_extra", call.number(MapCreate.MAP_EXTRA));
        ObjectRows.unlessZero(row, "numa_node", (int) call.number(MapCreate.NUMA_NODE));
        if (call.number(MapCreate.INNER_MAP_FD) != 0) {
            row.put("inner_map", names.get(call.number(MapCreate.INNER_MAP_FD)));
        }
        return row;
    }
}
