package wasmbpf.wasm;

/** Reads the data section: what memories are filled with (section 5.5.14). */
final class DataSection {
    private final ModuleDecoder module;
    private final WasmReader in;
    private final ConstExprValidator constants;

    DataSection(ModuleDecoder module, WasmReader in, ConstExprValidator constants) {
        this.module = module;
        this.in = in;
        this.constants = constants;
    }

    /** Reads it all into the module's data segments. */
    void read() {
        in.part("data section");
        int at = in.pos;
        int count = in.count("data segments", Limits.SEGMENTS);
        if (module.dataCount >= 0 && module.dataCount != count) {
            throw in.malformed(at, "data count and data section have inconsistent lengths: " + module.dataCount + " and "
                    + count);
        }
        for (int i = 0; i < count; i++) {
            int segmentAt = in.pos;
            int flags = in.index();
            if (flags > 2) {
                throw in.malformed(segmentAt, "malformed data segment kind " + flags);
            }
            SegmentMode mode = flags == 1 ? SegmentMode.PASSIVE : SegmentMode.ACTIVE;
            int memory = 0;
            ConstExpr offset = null;
            if (mode == SegmentMode.ACTIVE) {
                memory = flags == 2 ? in.index() : 0;
                module.checkIndex(segmentAt, "memory", memory, module.memories.size());
                offset = constants.read(module.memories.get(memory).memory64() ? TypeCode.I64 : TypeCode.I32);
            }
            int length = in.index();
            if (length > in.remaining()) {
                throw in.malformed(segmentAt, "a data segment of " + Integer.toUnsignedString(length) + " bytes, "
                        + in.remaining() + " remain");
            }
            module.dataSegments.add(new DataSegment(mode, memory, offset, in.pos, length));
            in.pos += length;
        }
    }
}
