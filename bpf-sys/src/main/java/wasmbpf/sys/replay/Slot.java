package wasmbpf.sys.replay;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import wasmbpf.sys.StructField;
import wasmbpf.sys.StructValue;

/**
 * A place the kernel may write during a call: looked at before and after to record what it wrote, written to in a
 * replay.
 */
final class Slot {
    enum Kind { NUMBER, TEXT, BYTES, EPOLL, DESCRIPTORS }

    final String name;
    final Kind kind;
    final long address;
    /** For EPOLL: how many events. */
    final long sizeBytes;
    /** For NUMBER: how to print it. */
    final StructField field;
    private byte[] before;

    Slot(String name, Kind kind, long address, long sizeBytes, StructField field) {
        this.name = name;
        this.kind = kind;
        this.address = address;
        this.sizeBytes = sizeBytes;
        this.field = field;
    }

    static Slot ofField(String prefix, StructValue value, StructField field) {
        Kind kind = field.role() == StructField.Role.VALUE ? Kind.NUMBER
                : field.content() == StructField.Content.TEXT ? Kind.TEXT : Kind.BYTES;
        return new Slot(prefix + field.name(), kind, value.address() + field.offset(), field.sizeBytes(), field);
    }

    void remember() {
        if (kind != Kind.EPOLL) {
            before = content(sizeBytes);
        }
    }

    private byte[] content(long limit) {
        return kind == Kind.TEXT ? RawMemory.readText(address, limit) : RawMemory.read(address, limit);
    }

    /**
     * What is there now, or null if that is what was there before.
     * @param limit how many bytes count
     */
    String changed(long limit) {
        byte[] now = content(Math.min(limit, sizeBytes));
        if (before != null && Arrays.equals(now, 0, now.length, before, 0, Math.min(now.length, before.length))
                && now.length <= before.length && (kind != Kind.TEXT || now.length == before.length)) {
            return null;
        }
        return switch (kind) {
            case NUMBER -> Long.toString(number(now));
            case TEXT -> DataText.quoteLines(now);
            case BYTES, EPOLL, DESCRIPTORS -> DataText.hex(now);
        };
    }

    private long number(byte[] bytes) {
        long number = 0;
        for (int i = bytes.length - 1; i >= 0; i--) {
            number = number << 8 | bytes[i] & 0xff;
        }
        return field.signed() && bytes.length == 4 ? (int) number : number;
    }

    /** Writes what {@link #changed} gave. @throws TraceException if that is not what can stand here */
    void write(String text, String where) {
        switch (kind) {
            case NUMBER -> {
                long number;
                try {
                    number = Long.parseLong(text);
                } catch (NumberFormatException e) {
                    throw new TraceException(where + ": no number: " + text, e);
                }
                byte[] bytes = new byte[(int) sizeBytes];
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) (number >>> 8 * i);
                }
                RawMemory.write(address, bytes);
            }
            case TEXT -> {
                byte[] bytes = DataText.parse(text, sizeBytes, where);
                RawMemory.write(address, bytes);
                if (bytes.length < sizeBytes) {
                    RawMemory.write(address + bytes.length, new byte[1]);
                }
            }
            case BYTES, EPOLL, DESCRIPTORS -> RawMemory.write(address, DataText.parse(text, sizeBytes, where));
        }
    }

    /** For people: the value by its name, texts quoted; nothing if there is only zero. */
    String shown(long limit, Payloads payloads) {
        byte[] now = content(Math.min(limit, sizeBytes));
        if (Arrays.equals(now, new byte[now.length])) {
            return "";
        }
        return switch (kind) {
            case NUMBER -> field.shown().text(number(now));
            case TEXT -> {
                String text = new String(now, StandardCharsets.ISO_8859_1);
                yield DataText.quote(text.length() <= 200 ? text : text.substring(0, 200)) + (text.length() <= 200 ? ""
                        : "…/" + text.length());
            }
            case BYTES, EPOLL, DESCRIPTORS -> payloads.text(now);
        };
    }
}
