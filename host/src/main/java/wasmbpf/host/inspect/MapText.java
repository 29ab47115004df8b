package wasmbpf.host.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.btf.Btf;
import wasmbpf.sys.Errno;

/** Elements of maps as bpftool prints them: bytes, or by their BTF types. */
public final class MapText {
    /** bpftool breaks lines of keys and values longer than this. */
    private static final int LONG_BYTES = 16;
    private static final int LINE_BYTES = 24;

    private final MapAccess map;
    private final Btf btf;

    /** @param btf the types of keys and values, or null */
    public MapText(MapAccess map, Btf btf) {
        this.map = map;
        this.btf = btf;
    }

    private int valueTypeId() {
        return map.map().vmlinuxValueTypeId() != 0 ? map.map().vmlinuxValueTypeId() : map.map().valueTypeId();
    }

    private List<byte[]> cpus(byte[] value) {
        int step = map.map().valueSize() + 7 & ~7;
        List<byte[]> each = new ArrayList<>();
        for (int at = 0; at < value.length; at += step) {
            each.add(Arrays.copyOfRange(value, at, at + map.map().valueSize()));
        }
        return each;
    }

    /** {@code {"key":…,"value":…}} by the types: what a dump with BTF prints, and "formatted" of the JSON form. */
    private Object formatted(byte[] key, byte[] value, boolean plain) {
        Map<String, Object> row = new LinkedHashMap<>();
        if (map.map().keyTypeId() != 0) {
            row.put("key", BtfValue.of(btf, map.map().keyTypeId(), key, plain));
        }
        if (map.map().perCpu()) {
            List<Object> values = new ArrayList<>();
            for (byte[] each : cpus(value)) {
                Map<String, Object> cpu = new LinkedHashMap<>();
                cpu.put("cpu", values.size());
                cpu.put("value", BtfValue.of(btf, valueTypeId(), each, plain));
                values.add(cpu);
            }
            row.put("values", values);
        } else {
            row.put("value", BtfValue.of(btf, valueTypeId(), value, plain));
        }
        return row;
    }

    /** Each byte as {@code "0x1f"}. */
    public static List<Object> bytes(byte[] bytes) {
        List<Object> all = new ArrayList<>();
        for (byte b : bytes) {
            all.add("0x" + HexFormat.of().toHexDigits(b));
        }
        return all;
    }

    /** Bytes as {@code 1f 00}, 16 a line, with a gap after 8: bpftool's fprint_hex. */
    public static String hex(byte[] bytes) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < bytes.length; i++) {
            out.append(i == 0 ? "" : i % 16 == 0 ? "\n" : i % 8 == 0 ? "  " : " ").append(HexFormat.of().toHexDigits(bytes[i]));
        }
        return out.toString();
    }

    /** One element of the JSON form. */
    public Object row(byte[] key, byte[] value) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("key", bytes(key));
        if (map.map().perCpu()) {
            List<Object> values = new ArrayList<>();
            for (byte[] each : cpus(value)) {
                Map<String, Object> cpu = new LinkedHashMap<>();
                cpu.put("cpu", values.size());
                cpu.put("value", bytes(each));
                values.add(cpu);
            }
            row.put("values", values);
        } else {
            row.put("value", bytes(value));
        }
        if (btf != null) {
            row.put("formatted", formatted(key, value, false));
        }
        return row;
    }

    /** An element that cannot be read, in the JSON form. */
    public static Object failedRow(byte[] key, int errno) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("key", bytes(key));
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("error", Errno.name(errno));
        row.put("value", error);
        return row;
    }

    /** Whether the plain form is by types: then {@link #typed}, else {@link #line}. */
    public boolean hasTypes() {
        return btf != null;
    }

    /** One element of the plain form by types. */
    public Object typed(byte[] key, byte[] value) {
        return formatted(key, value, true);
    }

    /** One element of the plain form in bytes, with a line feed at the end. */
    public String line(byte[] key, byte[] value) {
        KernelMap info = map.map();
        StringBuilder out = new StringBuilder();
        if (info.perCpu()) {
            out.append("key:\n").append(hex(key)).append('\n');
            int cpu = 0;
            for (byte[] each : cpus(value)) {
                out.append(String.format("value (CPU %02d):%c", cpu++, info.valueSize() > LONG_BYTES ? '\n' : ' '))
                        .append(hex(each)).append('\n');
            }
            return out.toString();
        }
        boolean broken = info.keySize() > LONG_BYTES || info.valueSize() > LONG_BYTES;
        boolean oneLine = info.keySize() + info.valueSize() <= LINE_BYTES && !broken;
        if (info.keySize() > 0) {
            out.append(broken ? "key:\n" : "key: ").append(hex(key)).append(oneLine ? "  " : "\n");
        }
        if (info.valueSize() > 0) {
            out.append(broken ? "value:\n" : "value: ").append(hex(value));
        }
        return out.append('\n').toString();
    }

    /** An element that cannot be read, in the plain form. */
    public String failedLine(byte[] key, int errno) {
        KernelMap info = map.map();
        String message = errno == Errno.ENOENT ? "<no entry>" : Errno.name(errno);
        boolean broken = info.keySize() > LONG_BYTES || info.valueSize() > LONG_BYTES;
        boolean oneLine = info.keySize() + message.length() <= LINE_BYTES && !broken;
        return (broken ? "key:\n" : "key: ") + hex(key) + (oneLine ? "  " : "\n") + (broken ? "value:\n" : "value: ")
                + message + "\n";
    }
}
