package wasmbpf.core;

import java.nio.ByteOrder;
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfLayout;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.TypeChain;

/** Turns what a relocation means here and there into the values before and after: libbpf {@code bpf_core_calc_relo}. */
final class FixupCalculator {
    private FixupCalculator() {
    }

    /**
     * The fixup for one candidate.
     *
     * @param target what {@code local} is in the kernel, null if no candidate has it
     * @throws CoreException if the relocation makes no sense for the type or field
     */
    static Fixup calculate(AccessSpec local, AccessSpec target) {
        ReloKind kind = local.kind();
        return switch (kind) {
            case FIELD_BYTE_OFFSET, FIELD_BYTE_SIZE, FIELD_SIGNED, FIELD_LSHIFT_U64, FIELD_RSHIFT_U64 ->
                field(kind, local, target);
            case TYPE_SIZE -> Fixup.value(BtfLayout.sizeOf(local.btf(), local.rootTypeId()),
                    target == null ? 0 : BtfLayout.sizeOf(target.btf(), target.rootTypeId()), true);
            case FIELD_EXISTS, TYPE_EXISTS, TYPE_MATCHES, ENUMVAL_EXISTS ->
                Fixup.value(1, target == null ? 0 : 1, true);
            // Ids change when objects are linked and nobody updates the instruction: nothing to validate.
            case TYPE_ID_LOCAL -> Fixup.value(local.rootTypeId(), local.rootTypeId(), false);
            case TYPE_ID_TARGET -> Fixup.value(local.rootTypeId(), target == null ? 0 : target.rootTypeId(), false);
            case ENUMVAL_VALUE -> target == null
                    ? Fixup.poison(enumerator(local), true, 0)
                    : Fixup.value(enumerator(local), enumerator(target), true);
        };
    }

    private static long enumerator(AccessSpec spec) {
        return spec.btf().enumeratorValue(spec.last().typeId(), spec.last().index());
    }

    private static Fixup field(ReloKind kind, AccessSpec local, AccessSpec target) {
        ByteOrder machine = local.btf().order();
        Field before = Field.of(local, machine);
        long original = before.value(kind);
        boolean validate = before.isCertain(kind);
        boolean sized = kind == ReloKind.FIELD_BYTE_OFFSET && !before.bitfield;
        long originalSize = sized ? before.loadSize() : 0;
        if (target == null) {
            return Fixup.poison(original, validate, originalSize);
        }
        Field after = Field.of(target, machine);
        long updated = after.value(kind);
        long updatedSize = kind == ReloKind.FIELD_BYTE_OFFSET && !after.bitfield ? after.loadSize() : 0;
        boolean fits = originalSize == updatedSize || sized && !after.bitfield && before.mayBeResizedTo(after);
        return new Fixup(original, updated, false, validate, fits, originalSize, updatedSize);
    }

    /**
     * The member or element that an access ends in, and the load that would get it: {@code bpf_core_calc_field_relo}.
     * A bit field is loaded as the smallest unit, of its declared type's size doubled up to 8, that holds all of it.
     */
    private static final class Field {
        private final Btf btf;
        /** Of the machine that is to run the code. */
        private final ByteOrder machine;
        /** With typedefs and modifiers resolved. */
        private final int typeId;
        private final boolean element;
        private final boolean bitfield;
        private final long bitOffset;
        private final long bitSize;
        private final long byteOffset;
        private final long byteSize;

        private Field(AccessSpec spec, ByteOrder machine, int typeId, boolean element, long bitSize, long byteOffset,
                      long byteSize, boolean bitfield) {
            this.btf = spec.btf();
            this.machine = machine;
            this.typeId = typeId;
            this.element = element;
            this.bitfield = bitfield;
            this.bitOffset = spec.bitOffset();
            this.bitSize = bitSize;
            this.byteOffset = byteOffset;
            this.byteSize = byteSize;
        }

        static Field of(AccessSpec spec, ByteOrder machine) {
            Btf btf = spec.btf();
            AccessSpec.Accessor last = spec.last();
            if (last.isElement()) {
                long size = BtfLayout.sizeOf(btf, last.typeId());
                return new Field(spec, machine, last.typeId(), true, size * 8, spec.bitOffset() / 8, size, false);
            }
            int typeId = TypeChain.skipModsAndTypedefs(btf, btf.memberTypeId(last.typeId(), last.index()));
            int bits = btf.memberBitfieldSize(last.typeId(), last.index());
            if (bits > 0) {
                return ofBitfield(spec, machine, typeId, bits);
            }
            long size = BtfLayout.sizeOf(btf, typeId);
            return new Field(spec, machine, typeId, false, size * 8, spec.bitOffset() / 8, size, false);
        }

        private static Field ofBitfield(AccessSpec spec, ByteOrder machine, int typeId, int bits) {
            BtfKind kind = spec.btf().kind(typeId);
            int declared = spec.btf().sizeOrType(typeId);
            if (kind != BtfKind.INT && !AccessSpec.isEnumeration(kind) || declared <= 0) {
                throw new CoreException("a bit field of type " + AccessSpec.typeText(spec.btf(), typeId));
            }
            long start = spec.bitOffset();
            long size = declared;
            long offset = start / 8 / size * size;
            while (start + bits - offset * 8 > size * 8) {
                if (size >= 8) {
                    throw new CoreException("the bit field does not lie within any 8 bytes that can be loaded at once");
                }
                size *= 2;
                offset = start / 8 / size * size;
            }
            return new Field(spec, machine, typeId, false, bits, offset, size, true);
        }

        long value(ReloKind kind) {
            if (element && kind != ReloKind.FIELD_BYTE_OFFSET && kind != ReloKind.FIELD_BYTE_SIZE) {
                throw new CoreException(kind.shortName() + " is possible of named fields only, not of elements");
            }
            return switch (kind) {
                case FIELD_BYTE_OFFSET -> byteOffset;
                case FIELD_BYTE_SIZE -> byteSize;
                case FIELD_SIGNED -> isSigned() ? 1 : 0;
                case FIELD_LSHIFT_U64 -> leftShift();
                case FIELD_RSHIFT_U64 -> 64 - bitSize;
                case FIELD_EXISTS, TYPE_ID_LOCAL, TYPE_ID_TARGET, TYPE_EXISTS, TYPE_SIZE, TYPE_MATCHES, ENUMVAL_EXISTS,
                        ENUMVAL_VALUE -> throw new IllegalStateException("no value of a field: " + kind);
            };
        }

        /**
         * By how much the loaded unit, zero-extended to 64 bits, is shifted left to drop what stands above the field.
         * Where that is depends on the byte order of the machine that runs the code, which is the object's, whatever
         * the kernel's BTF has; libbpf uses its own, the same for every program that can be loaded.
         */
        private long leftShift() {
            long start = bitOffset - byteOffset * 8;
            return machine == ByteOrder.LITTLE_ENDIAN ? 64 - (start + bitSize) : (8 - byteSize) * 8 + start;
        }

        private boolean isSigned() {
            BtfKind kind = btf.kind(typeId);
            return AccessSpec.isEnumeration(kind) && btf.kindFlag(typeId)
                    || kind == BtfKind.INT && (btf.intEncoding(typeId) & BtfType.Int.SIGNED) != 0;
        }

        /** The compiler may load a bit field as another unit: only what does not depend on that is certain. */
        boolean isCertain(ReloKind kind) {
            return !bitfield || kind == ReloKind.FIELD_SIGNED || kind == ReloKind.FIELD_RSHIFT_U64;
        }

        /** What one load moves: of arrays, an element, however deep. */
        long loadSize() {
            return BtfLayout.sizeOf(btf, elementOfArrays());
        }

        private int elementOfArrays() {
            int id = TypeChain.skipModsAndTypedefs(btf, typeId);
            for (int depth = 0; depth < TypeChain.MAX_DEPTH && btf.kind(id) == BtfKind.ARRAY; depth++) {
                id = AccessSpec.elementType(btf, id);
            }
            return id;
        }

        /**
         * Whether a load or store of this field's size may become one of the other's: pointers (a 32-bit kernel's have
         * 4 bytes, and are zero-extended) and integers that are not plain signed, for the same reason.
         */
        boolean mayBeResizedTo(Field other) {
            BtfKind kind = btf.kind(typeId);
            if (kind != other.btf.kind(other.typeId)) {
                return false;
            }
            return kind == BtfKind.PTR || kind == BtfKind.INT && !TypeCompatibility.isPlainSigned(btf, typeId)
                    && !TypeCompatibility.isPlainSigned(other.btf, other.typeId);
        }
    }
}
