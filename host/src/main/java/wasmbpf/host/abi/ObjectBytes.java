package wasmbpf.host.abi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.TypeChain;
import wasmbpf.host.BpfObject;
import wasmbpf.host.object.MapSpec;
import wasmbpf.host.object.ProgramSpec;
import wasmbpf.host.object.SectionDef;
import wasmbpf.host.object.SectionDefs;
import wasmbpf.host.object.StructOpsSpec;
import wasmbpf.sys.Errno;

/**
 * What of an object is neither a number nor a text: its BTF, the instructions of a program as the file has them, and
 * which members of a struct_ops map are functions:
 *
 * <pre> for each of them   0 u32 offset in the initial bytes   4 s32 index of the program it is set to, or -1 </pre>
 */
final class ObjectBytes {
    private static final int OBJECT_BTF = 1;
    private static final int MAP_FUNCTIONS = 1;
    private static final int PROGRAM_INSNS = 1;

    private final GuestContext context;
    private final ObjectCalls objects;

    ObjectBytes(GuestContext context, ObjectCalls objects) {
        this.context = context;
        this.objects = objects;
    }

    /** @return how many bytes there are; those that fit are copied */
    int get(long handle, int kind, int index, int property, int data, int size) {
        if (size < 0) {
            return -Errno.EINVAL;
        }
        GuestObject guestObject = context.object(handle);
        BpfObject object = guestObject.object();
        byte[] bytes = switch (kind) {
            case 0 -> property == OBJECT_BTF && object.spec().btf() != null ? object.spec().btf().bytes() : null;
            case ObjectCalls.MAP -> property == MAP_FUNCTIONS
                    ? functions(object, objects.map(guestObject, index).spec()) : null;
            case ObjectCalls.PROGRAM -> property == PROGRAM_INSNS
                    ? objects.program(guestObject, index).spec().code().toBytes(ByteOrder.LITTLE_ENDIAN) : null;
            default -> null;
        };
        if (bytes == null) {
            return -Errno.EINVAL;
        }
        if (size > 0) {
            context.memory().offset(data, size);
            context.memory().bytes(data, bytes, Math.min(size, bytes.length));
        }
        return bytes.length;
    }

    private static byte[] functions(BpfObject object, MapSpec map) {
        StructOpsSpec ops = map.structOps();
        if (ops == null) {
            return null;
        }
        Btf btf = object.spec().btf();
        BtfType.Struct type = (BtfType.Struct) btf.type(ops.typeId());
        ByteBuffer found = ByteBuffer.allocate(8 * type.members().size()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < type.members().size(); i++) {
            BtfType.Member member = type.members().get(i);
            if (isFunction(btf, member.typeId())) {
                ProgramSpec program = ops.programs()[i];
                found.putInt((int) (member.bitOffset() / 8));
                found.putInt(program == null ? -1 : indexOf(object, program));
            }
        }
        byte[] bytes = new byte[found.position()];
        found.get(0, bytes);
        return bytes;
    }

    private static boolean isFunction(Btf btf, int typeId) {
        int pointer = TypeChain.skipModsAndTypedefs(btf, typeId);
        return btf.kind(pointer) == BtfKind.PTR
                && btf.kind(TypeChain.skipModsAndTypedefs(btf, btf.sizeOrType(pointer))) == BtfKind.FUNC_PROTO;
    }

    private static int indexOf(BpfObject object, ProgramSpec program) {
        for (int i = 0; i < object.programs().size(); i++) {
            if (object.programs().get(i).spec() == program) {
                return i;
            }
        }
        return -1;
    }

    /** Sets the function at that offset of a struct_ops map. @param program its index, or -1 for none */
    int function(GuestObject guestObject, MapSpec map, int offset, int program) {
        BpfObject object = guestObject.object();
        StructOpsSpec ops = map.structOps();
        if (ops == null) {
            return -Errno.EINVAL;
        }
        Btf btf = object.spec().btf();
        BtfType.Struct type = (BtfType.Struct) btf.type(ops.typeId());
        for (int i = 0; i < type.members().size(); i++) {
            BtfType.Member member = type.members().get(i);
            if (member.bitOffset() == offset * 8L && isFunction(btf, member.typeId())) {
                ProgramSpec chosen = program < 0 ? null : objects.program(guestObject, program).spec();
                ops.program(i, chosen);
                return 0;
            }
        }
        return -Errno.EINVAL;
    }

    /** What a section's name means: the program's type, and above 32 bits the type it is attached as; or -ESRCH. */
    long section(int name) {
        SectionDef row = SectionDefs.find(context.memory().cString(name, GuestContext.MAX_STRING));
        return row == null ? -Errno.ESRCH : row.type().number() | (long) row.attachType().number() << 32;
    }
}
