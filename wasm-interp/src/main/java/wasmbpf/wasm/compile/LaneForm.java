package wasmbpf.wasm.compile;

import java.lang.classfile.TypeKind;

/** What a vector is kept as: each lane in a JVM local of its own. All take four slots of the method's frame. */
enum LaneForm {
    LONGS(2, TypeKind.LONG), DOUBLES(2, TypeKind.DOUBLE), INTS(4, TypeKind.INT), FLOATS(4, TypeKind.FLOAT);

    static final int SLOTS = 4;

    final int count;
    final TypeKind kind;

    LaneForm(int count, TypeKind kind) {
        this.count = count;
        this.kind = kind;
    }

    int laneBytes() {
        return 16 / count;
    }

    /** Its lanes in the slots from one on. */
    int[] slots(int first) {
        int[] slots = new int[count];
        for (int i = 0; i < count; i++) {
            slots[i] = first + i * kind.slotSize();
        }
        return slots;
    }
}
