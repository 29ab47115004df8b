package wasmbpf.core;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfLayout;
import wasmbpf.btf.TypeChain;

/**
 * Reads a relocation's access string in the object's own BTF: libbpf {@code bpf_core_parse_spec}.
 *
 * <pre>
 *   struct sample { int x; struct { int y; int a[7]; }; } *s;
 *
 *   &amp;s->a[3]   access string 0:1:1:3   raw 0 1 1 3   accessors s[0] .a [3]
 * </pre>
 */
final class AccessSpecParser {
    private AccessSpecParser() {
    }

    /** @throws CoreException if the string does not fit the type; the message is for the relocation's line */
    static AccessSpec parse(Btf local, CoreRelo relo) {
        // Read now what messages will read: a report must not meet damage.
        local.name(relo.typeId());
        AccessSpec spec = new AccessSpec(local, relo.typeId(), relo.kind());
        if (relo.kind().isTypeBased()) {
            if (!relo.accessString().equals("0")) {
                throw new CoreException("access string \"" + relo.accessString() + "\" of a whole type is not \"0\"");
            }
            return spec;
        }
        int[] indices = indices(relo.accessString());
        int rootId = TypeChain.skipModsAndTypedefs(local, relo.typeId());
        if (relo.kind().isEnumvalBased()) {
            parseEnumerator(spec, rootId, indices);
        } else {
            parseField(spec, rootId, indices);
        }
        return spec;
    }

    private static void parseEnumerator(AccessSpec spec, int enumId, int[] indices) {
        Btf btf = spec.btf();
        if (!AccessSpec.isEnumeration(btf.kind(enumId))) {
            throw new CoreException("an enumerator of " + AccessSpec.typeText(btf, enumId) + ", which is no enum");
        }
        if (indices.length > 1 || indices[0] >= btf.vlen(enumId)) {
            throw new CoreException("enumerator " + indices[0] + " of " + btf.vlen(enumId));
        }
        spec.push(new AccessSpec.Accessor(enumId, indices[0],
                btf.string(btf.enumeratorNameOffset(enumId, indices[0]))));
        spec.pushRaw(indices[0], 0);
    }

    private static void parseField(AccessSpec spec, int rootId, int[] indices) {
        Btf btf = spec.btf();
        spec.push(new AccessSpec.Accessor(rootId, indices[0], null));
        spec.pushElement(indices[0], BtfLayout.sizeOf(btf, rootId));
        int id = rootId;
        for (int i = 1; i < indices.length; i++) {
            id = TypeChain.skipModsAndTypedefs(btf, id);
            BtfKind kind = btf.kind(id);
            if (AccessSpec.isComposite(kind)) {
                id = enterMember(spec, id, indices[i]);
            } else if (kind == BtfKind.ARRAY) {
                id = enterElement(spec, id, indices[i]);
            } else {
                throw new CoreException("step " + i + " goes into " + AccessSpec.typeText(btf, id)
                        + ", which is no struct, union or array");
            }
        }
    }

    private static int enterMember(AccessSpec spec, int compositeId, int index) {
        Btf btf = spec.btf();
        if (index >= btf.vlen(compositeId)) {
            throw new CoreException("member " + index + " of " + AccessSpec.typeText(btf, compositeId) + ", which has "
                    + btf.vlen(compositeId));
        }
        spec.pushRaw(index, btf.memberBitOffset(compositeId, index));
        String name = btf.string(btf.memberNameOffset(compositeId, index));
        // An anonymous struct or union is walked through: what it is in may differ in the kernel.
        if (!name.isEmpty()) {
            spec.push(new AccessSpec.Accessor(compositeId, index, name));
        }
        return btf.memberTypeId(compositeId, index);
    }

    private static int enterElement(AccessSpec spec, int arrayId, int index) {
        Btf btf = spec.btf();
        if (index >= btf.arrayCount(arrayId) && !AccessSpec.isFlexibleArray(btf, spec.last(), arrayId)) {
            throw new CoreException("element " + index + " of an array of " + btf.arrayCount(arrayId));
        }
        int elementId = AccessSpec.elementType(btf, arrayId);
        spec.push(new AccessSpec.Accessor(elementId, index, null));
        spec.pushElement(index, BtfLayout.sizeOf(btf, elementId));
        return elementId;
    }

    /** {@code "0:5:2"} as numbers, at most {@link AccessSpec#MAX_LENGTH}. */
    private static int[] indices(String text) {
        int count = 1;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == ':') {
                count++;
            }
        }
        if (count > AccessSpec.MAX_LENGTH) {
            throw new CoreException("access string has " + count + " indices, more than " + AccessSpec.MAX_LENGTH);
        }
        int[] indices = new int[count];
        int from = 0;
        for (int n = 0; n < count; n++) {
            int colon = text.indexOf(':', from);
            int to = colon < 0 ? text.length() : colon;
            indices[n] = index(text, from, to);
            from = to + 1;
        }
        return indices;
    }

    private static int index(String text, int from, int to) {
        long value = 0;
        for (int i = from; i < to && value <= Integer.MAX_VALUE; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                value = Long.MAX_VALUE;
            } else {
                value = value * 10 + digit;
            }
        }
        if (from == to || value > Integer.MAX_VALUE) {
            throw new CoreException("access string \"" + (text.length() > 80 ? text.substring(0, 80) + "..." : text)
                    + "\" is not made of numbers and colons");
        }
        return (int) value;
    }
}
