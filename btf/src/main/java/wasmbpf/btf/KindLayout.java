package wasmbpf.btf;

import java.util.Arrays;

/**
 * How long the types of each kind are. Kinds we know have it from {@link BtfKind}; others from the layout section of
 * the BTF or its base (libbpf 1.8 {@code struct btf_layout}: u8 info_sz, u8 elem_sz, u16 flags, one per kind number).
 */
final class KindLayout {
    private static final int ENTRY_BYTES = 4;

    private KindLayout() {
    }

    /** Fills both arrays by kind number; {@code infoBytes} is -1 for a kind nobody describes. */
    static void fill(byte[] bytes, BtfHeader header, Btf base, int[] infoBytes, int[] elementBytes) {
        Arrays.fill(infoBytes, -1);
        if (header.layoutBytes() != 0) {
            fillUnknown(bytes, header.layoutAt(), header.layoutBytes(), infoBytes, elementBytes);
        } else if (base != null && base.layoutBytes() != 0) {
            fillUnknown(base.bytes(), base.layoutAt(), base.layoutBytes(), infoBytes, elementBytes);
        }
        for (int i = 0; i < BtfKind.count(); i++) {
            BtfKind kind = BtfKind.of(i);
            infoBytes[i] = kind.infoBytes();
            elementBytes[i] = kind.elementBytes();
        }
        // No type of a file is void.
        infoBytes[0] = -1;
    }

    private static void fillUnknown(byte[] bytes, int at, int length, int[] infoBytes, int[] elementBytes) {
        int kinds = Math.min(length / ENTRY_BYTES, infoBytes.length);
        for (int kind = 0; kind < kinds; kind++) {
            int info = bytes[at + kind * ENTRY_BYTES] & 0xff;
            int element = bytes[at + kind * ENTRY_BYTES + 1] & 0xff;
            if (info % 4 == 0 && element % 4 == 0) {
                infoBytes[kind] = info;
                elementBytes[kind] = element;
            }
        }
    }
}
