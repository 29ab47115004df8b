package wasmbpf.host.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import wasmbpf.wasm.DataSegment;
import wasmbpf.wasm.SegmentMode;
import wasmbpf.wasm.WasmModule;

/**
 * The BPF objects that lie ready in a module's memory before it runs. An object that a guest unpacks or reads while it
 * runs is not found. Data segments are put together first: optimisers split them at runs of zeros, objects included.
 */
final class EmbeddedObjects {
    /** No guest carries more than this ready-made; bounds what a hostile module makes us allocate. */
    private static final int MAX_IMAGE = 256 << 20;
    private static final int EM_BPF = 247;

    /**
     * One object.
     *
     * @param address where it lies in the module's memory
     */
    record Embedded(long address, byte[] elf) {}

    private EmbeddedObjects() {}

    static List<Embedded> of(WasmModule module) {
        byte[] image = image(module);
        List<Embedded> found = new ArrayList<>();
        int at = 0;
        while (at + 64 <= image.length) {
            long size = isBpfObject(image, at) ? size(image, at) : 0;
            if (size > 64 && size <= image.length - at) {
                found.add(new Embedded(at, Arrays.copyOfRange(image, at, at + (int) size)));
                at += (int) size;
            } else {
                at++;
            }
        }
        return found;
    }

    /** Memory 0 as active segments with a constant place leave it. */
    private static byte[] image(WasmModule module) {
        byte[] image = new byte[0];
        byte[] bytes = module.bytes();
        for (DataSegment segment : module.dataSegments()) {
            long at = segment.mode() == SegmentMode.ACTIVE && segment.memory() == 0
                    ? constant(bytes, segment.offset().offset()) : -1;
            long end = at + segment.length();
            if (at >= 0 && end <= MAX_IMAGE) {
                if (end > image.length) {
                    image = Arrays.copyOf(image, (int) Math.min(MAX_IMAGE, Math.max(end, image.length * 2L)));
                }
                System.arraycopy(bytes, segment.start(), image, (int) at, segment.length());
            }
        }
        return image;
    }

    /** The value of {@code i32.const n}, as an unsigned number; -1 for any other expression. */
    private static long constant(byte[] bytes, int at) {
        if (bytes[at] != 0x41) {
            return -1;
        }
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte b = bytes[++at];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                long signed = value << 57 - shift >> 57 - shift;
                return signed & 0xffffffffL;
            }
        }
        return -1;
    }

    /** e_ident: magic, class 64, either byte order; e_machine at 18. */
    private static boolean isBpfObject(byte[] image, int at) {
        return image[at] == 0x7f && image[at + 1] == 'E' && image[at + 2] == 'L' && image[at + 3] == 'F' && image[at + 4] == 2
                && number(image, at, 18, 2) == EM_BPF;
    }

    /** Compilers put the section headers last: e_shoff + e_shentsize * e_shnum. */
    private static long size(byte[] image, int at) {
        long offset = number(image, at, 40, 8);
        return offset < 0 || offset > MAX_IMAGE ? 0 : offset + number(image, at, 58, 2) * number(image, at, 60, 2);
    }

    private static long number(byte[] image, int at, int field, int bytes) {
        boolean little = image[at + 5] == 1;
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            int index = at + field + (little ? bytes - 1 - i : i);
            value = value << 8 | image[index] & 0xff;
        }
        return value;
    }
}
