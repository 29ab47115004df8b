package wasmbpf.host.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import wasmbpf.host.object.MapSpec;
import wasmbpf.host.object.ObjectReader;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.host.object.OracleJson;
import wasmbpf.host.object.ProgramSpec;
import wasmbpf.host.object.ReadOptions;
import wasmbpf.sys.BpfAttrs.BtfLoad;
import wasmbpf.sys.BpfAttrs.MapCreate;
import wasmbpf.sys.BpfAttrs.MapElem;
import wasmbpf.sys.BpfAttrs.ObjPin;
import wasmbpf.sys.BpfAttrs.ProgBindMap;
import wasmbpf.sys.BpfAttrs.ProgLoad;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Fd;

/** Loading makes the calls of libbpf 1.8, with its arguments and in its order (oracle/*.relocated.json, "trace"). */
class LoadOracleTest {
    private static final LoadOptions OPTIONS =
            LoadOptions.DEFAULT.withPinDirectory("/sys/fs/bpf/corpus_oracle");

    private static ObjectSpec read(String name) {
        return ObjectReader.read(name + ".bpf.o", OracleJson.elf(name), ReadOptions.LIBBPF);
    }

    private static ObjectLoader loader(StandInKernel kernel, Map<String, Object> libbpf) {
        return new ObjectLoader(kernel, new RunningKernel(kernel, OracleFiles.of(libbpf)), OPTIONS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sec_table", "subprogs_table", "maps_table", "externs_table", "attach_table"})
    void makesTheCallsOfLibbpfInItsOrder(String name) {
        Map<String, Object> libbpf = OracleJson.relocated(name);
        ObjectSpec spec = read(name);
        leaveOutThoseThatFail(libbpf, spec);
        StandInKernel kernel = new StandInKernel();
        List<String> before = Fd.open();
        loader(kernel, libbpf).load(spec).close();
        List<String> expected = new ArrayList<>(lines(OracleJson.objects(libbpf, "trace")));
        if (name.equals("sec_table")) {
            // libbpf looked in the modules for the targets of programs that are left out here.
            assertTrue(expected.remove("{cmd=BTF_GET_NEXT_ID, ret=-2}"));
        }
        assertLinesMatch(expected, lines(rows(kernel, spec)));
        assertEquals(Map.of(), kernel.openDescriptors());
        assertEquals(0, kernel.mappedAreas());
        assertEquals(before, Fd.open());
    }

    @TestFactory
    Stream<DynamicNode> submitsTheAttributesOfLibbpf() {
        return OracleJson.OBJECTS.stream().map(name -> {
            Map<String, Object> libbpf = OracleJson.relocated(name);
            ObjectSpec spec = read(name);
            leaveOutThoseThatFail(libbpf, spec);
            StandInKernel kernel = new StandInKernel();
            loader(kernel, libbpf).load(spec).close();
            Map<String, StandInKernel.Call> loads = new HashMap<>();
            for (StandInKernel.Call call : kernel.bpfCalls()) {
                if (call.command() == BpfCommand.PROG_LOAD && call.number(ProgLoad.KERN_VERSION) != 0) {
                    loads.put(call.text(ProgLoad.PROG_NAME), call);
                }
            }
            List<DynamicNode> tests = new ArrayList<>();
            for (Map<String, Object> row : OracleJson.objects(libbpf, "programs")) {
                if (row.get("load") != null) {
                    Map<String, Object> load = OracleJson.object(row.get("load"));
                    tests.add(dynamicTest((String) row.get("name"),
                            () -> sameAttributes(load, loads.get((String) load.get("prog_name")))));
                }
            }
            return dynamicContainer(name, tests);
        });
    }

    private static void sameAttributes(Map<String, Object> libbpf, StandInKernel.Call ours) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("prog_type", ours.number(ProgLoad.PROG_TYPE));
        attributes.put("expected_attach_type", ours.number(ProgLoad.EXPECTED_ATTACH_TYPE));
        attributes.put("prog_name", ours.text(ProgLoad.PROG_NAME));
        attributes.put("license", ours.pointedText(ProgLoad.LICENSE));
        attributes.put("kern_version", ours.number(ProgLoad.KERN_VERSION));
        attributes.put("prog_btf", ours.number(ProgLoad.PROG_BTF_FD) != 0);
        attributes.put("insn_cnt", ours.number(ProgLoad.INSN_CNT));
        attributes.put("func_info_rec_size", ours.number(ProgLoad.FUNC_INFO_REC_SIZE));
        attributes.put("func_info_cnt", ours.number(ProgLoad.FUNC_INFO_CNT));
        attributes.put("func_info", HexFormat.of().formatHex(ours.bytes(ProgLoad.FUNC_INFO)));
        attributes.put("line_info_rec_size", ours.number(ProgLoad.LINE_INFO_REC_SIZE));
        attributes.put("line_info_cnt", ours.number(ProgLoad.LINE_INFO_CNT));
        attributes.put("line_info", HexFormat.of().formatHex(ours.bytes(ProgLoad.LINE_INFO)));
        if (ours.number(ProgLoad.PROG_FLAGS) != 0) {
            attributes.put("prog_flags", ours.number(ProgLoad.PROG_FLAGS));
        }
        if (ours.number(ProgLoad.ATTACH_BTF_ID) != 0) {
            attributes.put("attach_btf_id", ours.number(ProgLoad.ATTACH_BTF_ID));
        }
        Map<String, Object> theirs = new LinkedHashMap<>(libbpf);
        theirs.keySet().removeAll(List.of("insns", "insns_sha256", "refs", "line_info_sha256"));
        assertEquals(theirs, attributes);
    }

    /** The errno each program fails with in libbpf: no type, no target, or a target this kernel has not. */
    @ParameterizedTest
    @ValueSource(strings = {"sec_table", "attach_table"})
    void refusesWhatLibbpfRefuses(String name) {
        Map<String, Object> libbpf = OracleJson.relocated(name);
        Map<String, Long> wanted = new LinkedHashMap<>();
        Map<String, Long> found = new LinkedHashMap<>();
        RunningKernel running = new RunningKernel(new StandInKernel(), OracleFiles.of(libbpf));
        running.vmlinux();
        for (Map<String, Object> row : OracleJson.objects(libbpf, "programs")) {
            if (row.get("load_err") == null) {
                continue;
            }
            ObjectSpec spec = read(name);
            for (ProgramSpec program : spec.programs()) {
                program.autoload(program.name().equals(row.get("name")));
            }
            StandInKernel kernel = new StandInKernel();
            RunningKernel same = new RunningKernel(kernel, path -> path.equals("/sys/kernel/btf/vmlinux")
                    ? running.vmlinux().bytes() : running.files().read(path));
            LoadException e = assertThrows(LoadException.class,
                    () -> new ObjectLoader(kernel, same, OPTIONS).load(spec), row.toString());
            assertTrue(e.getMessage().startsWith("load program \"" + row.get("name") + "\": "), e.getMessage());
            assertEquals(Map.of(), kernel.openDescriptors());
            wanted.put((String) row.get("name"), (Long) row.get("load_err"));
            found.put((String) row.get("name"), (long) -e.errno());
        }
        assertEquals(wanted, found);
    }

    private static void leaveOutThoseThatFail(Map<String, Object> libbpf, ObjectSpec spec) {
        for (Map<String, Object> row : OracleJson.objects(libbpf, "programs")) {
            if (row.get("load_err") != null) {
                spec.program((String) row.get("name")).autoload(false);
            }
        }
    }

    // ---- our calls in the words of the recording ----

    private static List<String> lines(List<Map<String, Object>> rows) {
        return rows.stream().map(row -> row.toString()).toList();
    }

    private static List<Map<String, Object>> rows(StandInKernel kernel, ObjectSpec spec) {
        Map<Long, String> names = new HashMap<>();
        Map<String, String> realNames = new HashMap<>();
        for (MapSpec map : spec.maps()) {
            realNames.put(cut(map.name()), map.realName());
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        for (StandInKernel.Call call : kernel.bpfCalls()) {
            Map<String, Object> row = row(call, names, realNames);
            if (row != null) {
                if (call.result() < 0) {
                    row.put("ret", call.result());
                }
                rows.add(row);
            }
        }
        return rows;
    }

    private static String cut(String name) {
        return name.substring(0, Math.min(15, name.length()));
    }

    private static Map<String, Object> row(StandInKernel.Call call, Map<Long, String> names, Map<String, String> realNames) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("cmd", call.command().name());
        switch (call.command()) {
            case TOKEN_CREATE, BTF_GET_NEXT_ID -> { }
            case BTF_LOAD -> {
                byte[] blob = call.bytes(BtfLoad.BTF);
                if (blob.length < 200) {
                    // A feature probe, which the recording leaves out.
                    return null;
                }
                row.put("size", (long) blob.length);
                row.put("sha256", sha256(blob));
            }
            case MAP_CREATE -> {
                String name = call.text(MapCreate.MAP_NAME);
                if (name == null) {
                    return null;
                }
                names.put(call.result(), realNames.getOrDefault(name, name));
                row.put("map_name", name);
                row.put("map_type", call.number(MapCreate.MAP_TYPE));
                row.put("key_size", call.number(MapCreate.KEY_SIZE));
                row.put("value_size", call.number(MapCreate.VALUE_SIZE));
                row.put("max_entries", call.number(MapCreate.MAX_ENTRIES));
                hex(row, "map_flags", call.number(MapCreate.MAP_FLAGS));
                if (call.number(MapCreate.BTF_FD) != 0) {
                    row.put("btf", true);
                }
                number(row, "btf_key_type_id", call.number(MapCreate.BTF_KEY_TYPE_ID));
                number(row, "btf_value_type_id", call.number(MapCreate.BTF_VALUE_TYPE_ID));
                hex(row, "map_extra", call.number(MapCreate.MAP_EXTRA));
                if (call.number(MapCreate.INNER_MAP_FD) != 0) {
                    String inner = names.get(call.number(MapCreate.INNER_MAP_FD));
                    // The kernel sees 15 characters of it, the recording all.
                    row.put("inner_map", inner.endsWith(".inne") ? inner + "r" : inner);
                }
            }
            case MAP_UPDATE_ELEM -> {
                row.put("map", names.get(call.number(MapElem.MAP_FD)));
                row.put("key", HexFormat.of().formatHex(call.bytes(MapElem.KEY)));
                byte[] value = call.bytes(MapElem.VALUE);
                String other = value.length == 4 ? names.get((long) intOf(value)) : null;
                if (other == null) {
                    row.put("value", HexFormat.of().formatHex(value));
                } else {
                    row.put("value_fd", other);
                }
            }
            case MAP_FREEZE -> row.put("map", names.get(call.number(MapElem.MAP_FD)));
            case OBJ_GET -> row.put("path", call.pointedText(ObjPin.PATHNAME));
            case OBJ_PIN -> {
                row.put("path", call.pointedText(ObjPin.PATHNAME));
                row.put("fd", names.get(call.number(ObjPin.BPF_FD)));
            }
            case PROG_LOAD -> {
                if (call.number(ProgLoad.KERN_VERSION) == 0) {
                    byte[] code = call.bytes(ProgLoad.INSNS);
                    if (call.number(ProgLoad.PROG_TYPE) != 1 || code.length != 16 || !names.isEmpty()) {
                        return null;
                    }
                    row.put("probe", true);
                    row.put("prog_type", 1L);
                    row.put("insns", HexFormat.of().formatHex(code));
                } else {
                    names.put(call.result(), "prog:" + call.text(ProgLoad.PROG_NAME));
                    row.put("prog", call.text(ProgLoad.PROG_NAME));
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

    private static int intOf(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt();
    }

    private static void hex(Map<String, Object> row, String key, long value) {
        if (value != 0) {
            row.put(key, "0x" + Long.toHexString(value));
        }
    }

    private static void number(Map<String, Object> row, String key, long value) {
        if (value != 0) {
            row.put(key, value);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

}
