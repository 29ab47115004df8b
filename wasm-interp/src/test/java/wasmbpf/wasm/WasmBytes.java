package wasmbpf.wasm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Bytes in the making, with LEB128. */
class WasmBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    WasmBytes raw(int... bytes) {
        for (int b : bytes) {
            out.write(b);
        }
        return this;
    }

    WasmBytes raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    WasmBytes u(long value) {
        while ((value & ~0x7FL) != 0) {
            out.write((int) value & 0x7F | 0x80);
            value >>>= 7;
        }
        out.write((int) value);
        return this;
    }

    WasmBytes s(long value) {
        while (value < -64 || value > 63) {
            out.write((int) value & 0x7F | 0x80);
            value >>= 7;
        }
        out.write((int) value & 0x7F);
        return this;
    }

    /** The low bytes of a number, little endian. */
    WasmBytes fixed(long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write((int) (value >>> 8 * i));
        }
        return this;
    }

    WasmBytes name(String name) {
        return sized(name.getBytes(StandardCharsets.UTF_8));
    }

    /** A length and the bytes. */
    WasmBytes sized(byte[] bytes) {
        return u(bytes.length).raw(bytes);
    }

    int size() {
        return out.size();
    }

    byte[] toBytes() {
        return out.toByteArray();
    }
}
