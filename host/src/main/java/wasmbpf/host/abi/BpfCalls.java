package wasmbpf.host.abi;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.ToLongFunction;
import wasmbpf.host.wasi.Descriptor;
import wasmbpf.host.wasi.GuestFault;
import wasmbpf.host.wasi.GuestMemory;
import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfAttrs.BtfLoad;
import wasmbpf.sys.BpfAttrs.EnableStats;
import wasmbpf.sys.BpfAttrs.GetId;
import wasmbpf.sys.BpfAttrs.IterCreate;
import wasmbpf.sys.BpfAttrs.LinkCreate;
import wasmbpf.sys.BpfAttrs.LinkDetach;
import wasmbpf.sys.BpfAttrs.LinkUpdate;
import wasmbpf.sys.BpfAttrs.MapBatch;
import wasmbpf.sys.BpfAttrs.MapCreate;
import wasmbpf.sys.BpfAttrs.MapElem;
import wasmbpf.sys.BpfAttrs.ObjInfo;
import wasmbpf.sys.BpfAttrs.ObjPin;
import wasmbpf.sys.BpfAttrs.ProgAttach;
import wasmbpf.sys.BpfAttrs.ProgBindMap;
import wasmbpf.sys.BpfAttrs.ProgLoad;
import wasmbpf.sys.BpfAttrs.ProgQuery;
import wasmbpf.sys.BpfAttrs.RawTracepointOpen;
import wasmbpf.sys.BpfAttrs.TaskFdQuery;
import wasmbpf.sys.BpfAttrs.TestRun;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.InfoStructs.BtfInfo;
import wasmbpf.sys.InfoStructs.LinkInfo;
import wasmbpf.sys.InfoStructs.MapInfo;
import wasmbpf.sys.InfoStructs.ProgInfo;
import wasmbpf.sys.KernelStruct;
import wasmbpf.sys.StructField;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;

/**
 * bpf(2) for guests: the kernel's {@code union bpf_attr} with the guest's pointers and descriptors in it, exchanged for
 * the host's by the declarations that the loader's own calls are made from. What the kernel opens gets a number of the
 * guest's; what it writes goes where the guest's pointers say.
 */
final class BpfCalls {
    private static final int MOST_TEXTS = 1 << 20;
    private static final int BPF_F_ID = 1 << 5;

    private final GuestContext context;
    private final MapOperations maps;

    BpfCalls(GuestContext context, MapOperations maps) {
        this.context = context;
        this.maps = maps;
    }

    int call(int number, int at, int size) {
        BpfCommand command = BpfCommand.of(number);
        if (command == null || size < 0) {
            return -Errno.EINVAL;
        }
        context.memory().offset(at, size);
        return switch (command) {
            case MAP_LOOKUP_ELEM, MAP_UPDATE_ELEM, MAP_DELETE_ELEM, MAP_GET_NEXT_KEY, MAP_LOOKUP_AND_DELETE_ELEM ->
                    element(number, new Attr(at, size));
            case MAP_FREEZE -> plain(command, MapElem.STRUCT, new Attr(at, size), MapElem.MAP_FD);
            case MAP_CREATE -> plain(command, MapCreate.STRUCT, new Attr(at, size));
            case MAP_LOOKUP_BATCH, MAP_LOOKUP_AND_DELETE_BATCH, MAP_UPDATE_BATCH, MAP_DELETE_BATCH ->
                    batch(command, new Attr(at, size));
            case PROG_LOAD -> ProgramImages.load(context, this, new Attr(at, size));
            case BTF_LOAD -> plain(command, BtfLoad.STRUCT, new Attr(at, size));
            case OBJ_PIN, OBJ_GET -> plain(command, ObjPin.STRUCT, new Attr(at, size));
            case PROG_ATTACH, PROG_DETACH -> attach(command, new Attr(at, size));
            case PROG_TEST_RUN -> plain(command, TestRun.STRUCT, new Attr(at, size));
            case PROG_GET_NEXT_ID, MAP_GET_NEXT_ID, BTF_GET_NEXT_ID, LINK_GET_NEXT_ID, PROG_GET_FD_BY_ID,
                    MAP_GET_FD_BY_ID, BTF_GET_FD_BY_ID, LINK_GET_FD_BY_ID ->
                    plain(command, GetId.STRUCT, new Attr(at, size));
            case OBJ_GET_INFO_BY_FD -> info(new Attr(at, size));
            case PROG_QUERY -> query(new Attr(at, size));
            case RAW_TRACEPOINT_OPEN -> plain(command, RawTracepointOpen.STRUCT, new Attr(at, size));
            case TASK_FD_QUERY -> taskQuery(new Attr(at, size));
            case LINK_CREATE -> linkCreate(new Attr(at, size));
            case LINK_UPDATE -> plain(command, LinkUpdate.STRUCT, new Attr(at, size));
            case LINK_DETACH -> plain(command, LinkDetach.STRUCT, new Attr(at, size));
            case ENABLE_STATS -> plain(command, EnableStats.STRUCT, new Attr(at, size));
            case ITER_CREATE -> plain(command, IterCreate.STRUCT, new Attr(at, size));
            case PROG_BIND_MAP -> plain(command, ProgBindMap.STRUCT, new Attr(at, size));
            case TOKEN_CREATE, PROG_STREAM_READ_BY_FD, PROG_ASSOC_STRUCT_OPS -> -Errno.EOPNOTSUPP;
        };
    }

    /** The guest's attr. What lies behind its end is zero. */
    final class Attr {
        final int at;
        final int size;

        Attr(int at, int size) {
            this.at = at;
            this.size = size;
        }

        long get(StructField field) {
            GuestMemory memory = context.memory();
            if (field.offset() + field.sizeBytes() > size) {
                return 0;
            }
            return switch (field.sizeBytes()) {
                case 8 -> memory.i64(at + field.offset());
                case 4 -> field.signed() ? memory.i32(at + field.offset())
                        : Integer.toUnsignedLong(memory.i32(at + field.offset()));
                case 2 -> memory.u16(at + field.offset());
                default -> memory.u8(at + field.offset());
            };
        }

        void put(StructField field, long value) {
            if (field.offset() + field.sizeBytes() > size) {
                return;
            }
            switch (field.sizeBytes()) {
                case 8 -> context.memory().i64(at + field.offset(), value);
                case 4 -> context.memory().i32(at + field.offset(), (int) value);
                default -> throw new IllegalStateException(field.toString());
            }
        }

        /** As the kernel: what it does not know must be zero. */
        void requireZeroFrom(int offset) {
            for (int i = offset; i < size; i++) {
                if (context.memory().u8(at + i) != 0) {
                    throw new SysException("bpf(2) of a guest", Errno.E2BIG, "byte " + i + " of its attr means nothing");
                }
            }
        }

        String chars(StructField field) {
            byte[] text = new byte[field.sizeBytes()];
            int length = 0;
            while (length < text.length && field.offset() + length < size) {
                text[length] = (byte) context.memory().u8(at + field.offset() + length);
                if (text[length] == 0) {
                    break;
                }
                length++;
            }
            return new String(text, 0, length, StandardCharsets.ISO_8859_1);
        }
    }

    /** A pointer of the guest's, which has 32 bits. @throws GuestFault if it has more */
    static int pointer(long value) {
        if (value >>> 32 != 0) {
            throw GuestFault.INSTANCE;
        }
        return (int) value;
    }

    /** Puts one field of the guest's attr into the host's; zero is what it is anyway. */
    void copy(Attr from, StructValue to, StructField field, ToLongFunction<StructField> lengths) {
        if (field.role() == StructField.Role.CHARS) {
            String text = from.chars(field);
            if (!text.isEmpty()) {
                to.set(field, text);
            }
            return;
        }
        long value = from.get(field);
        if (value == 0) {
            return;
        }
        switch (field.role()) {
            case VALUE -> to.set(field, value);
            case FD -> to.set(field, value < 0 ? value : context.hostFd((int) value));
            case POINTER_IN, POINTER_OUT -> point(from, to, field, pointer(value), lengths);
            case CHARS -> throw new AssertionError();
        }
    }

    private void point(Attr from, StructValue to, StructField field, int pointer, ToLongFunction<StructField> lengths) {
        if (field.role() == StructField.Role.POINTER_IN && field.content() == StructField.Content.TEXT) {
            to.point(field, context.memory().cString(pointer, GuestContext.MAX_STRING));
            return;
        }
        StructField count = field.lengthField();
        if (field.content() == StructField.Content.TEXTS) {
            to.point(field, texts(pointer, from.get(count)));
            return;
        }
        if (field.content() == StructField.Content.FDS) {
            throw new SysException("bpf(2) of a guest", Errno.EINVAL, field.name() + " means nothing here");
        }
        long length = count != null ? from.get(count) * field.elementBytes() : lengths.applyAsLong(field);
        if (length < 0) {
            throw new SysException("bpf(2) of a guest", Errno.EINVAL, field.name() + " means nothing here");
        }
        to.point(field, context.memory().address(pointer, length), length);
    }

    /** An array of pointers to texts; each has 8 bytes, as the kernel's ABI says. */
    private String[] texts(int pointer, long count) {
        if (count > MOST_TEXTS) {
            throw new SysException("bpf(2) of a guest", Errno.E2BIG);
        }
        context.memory().offset(pointer, count * 8);
        String[] texts = new String[(int) count];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = context.memory().cString(pointer(context.memory().i64(pointer + 8 * i)), GuestContext.MAX_STRING);
        }
        return texts;
    }

    /** A command whose fields do not overlap, or of which the first of those that do is meant. */
    private int plain(BpfCommand command, KernelStruct struct, Attr attr, StructField... only) {
        try (StructValue value = struct.allocate()) {
            attr.requireZeroFrom(only.length == 1 ? only[0].offset() + only[0].sizeBytes() : struct.sizeBytes());
            long taken = 0;
            for (StructField field : only.length == 0 ? struct.fields() : List.of(only)) {
                if ((taken >> field.offset() / 4 & 1) == 0) {
                    taken |= 1L << field.offset() / 4;
                    copy(attr, value, field, f -> -1);
                }
            }
            return finish(command, struct, attr, value);
        }
    }

    /** Makes the call and hands back what the kernel answered. */
    int finish(BpfCommand command, KernelStruct struct, Attr attr, StructValue value) {
        int result = context.kernel.bpf(command, value);
        for (StructField field : struct.fields()) {
            if (field.written() && value.isSet(field) || field.written() && result >= 0 && !overlapped(struct, field)) {
                attr.put(field, value.get(field));
            }
        }
        return result >= 0 && command.returnsFd() ? opened(command, result) : result;
    }

    /** Whether a field shares its place with one declared before it. */
    private static boolean overlapped(KernelStruct struct, StructField field) {
        for (StructField other : struct.fields()) {
            if (other == field) {
                return false;
            }
            if (other.offset() == field.offset()) {
                return true;
            }
        }
        return false;
    }

    private int opened(BpfCommand command, int fd) {
        Descriptor descriptor = switch (command) {
            case MAP_CREATE, MAP_GET_FD_BY_ID -> GuestMap.Opened.of(context.kernel, fd);
            case OBJ_GET -> mapOrOther(fd);
            default -> Descriptor.stream(fd);
        };
        return context.add(descriptor);
    }

    /** What was pinned may be anything: only a map answers as one. */
    private Descriptor mapOrOther(int fd) {
        return DescriptorKind.of(fd) == DescriptorKind.MAP ? GuestMap.Opened.of(context.kernel, fd)
                : Descriptor.stream(fd);
    }

    // ---- commands that need more ----

    private int element(int number, Attr attr) {
        long second = attr.get(MapElem.VALUE);
        boolean next = number == BpfCommand.MAP_GET_NEXT_KEY.number();
        return maps.operate(context.memory(), (int) attr.get(MapElem.MAP_FD), number, pointer(attr.get(MapElem.KEY)),
                next ? 0 : pointer(second), next ? pointer(second) : 0, attr.get(MapElem.FLAGS));
    }

    private int batch(BpfCommand command, Attr attr) {
        if (!(context.fds.get((int) attr.get(MapBatch.MAP_FD)) instanceof GuestMap map)) {
            return -Errno.EBADF;
        }
        if (map.narrow()) {
            return -Errno.EOPNOTSUPP;
        }
        attr.requireZeroFrom(MapBatch.STRUCT.sizeBytes());
        long count = attr.get(MapBatch.COUNT);
        boolean reads = command == BpfCommand.MAP_LOOKUP_BATCH || command == BpfCommand.MAP_LOOKUP_AND_DELETE_BATCH;
        // A hash's place is a u32 whatever its keys are; the others' is a key.
        long place = Math.max(4, map.keySize());
        try (StructValue value = MapBatch.STRUCT.allocate()) {
            for (StructField field : MapBatch.STRUCT.fields()) {
                boolean out = field == MapBatch.KEYS_OUT || field == MapBatch.VALUES_OUT;
                boolean in = field == MapBatch.KEYS || field == MapBatch.VALUES;
                if (reads ? in : out) {
                    continue;
                }
                copy(attr, value, field, f -> f == MapBatch.IN_BATCH || f == MapBatch.OUT_BATCH ? place
                        : f == MapBatch.KEYS || f == MapBatch.KEYS_OUT ? count * map.keySize()
                        : count * map.valueBytes());
            }
            value.set(MapBatch.COUNT, count);
            return finish(command, MapBatch.STRUCT, attr, value);
        }
    }

    private static boolean onInterface(long attachType) {
        return attachType == BpfAttachType.XDP.number() || attachType == BpfAttachType.TCX_INGRESS.number()
                || attachType == BpfAttachType.TCX_EGRESS.number()
                || attachType == BpfAttachType.NETKIT_PRIMARY.number()
                || attachType == BpfAttachType.NETKIT_PEER.number();
    }

    private int attach(BpfCommand command, Attr attr) {
        boolean device = onInterface(attr.get(ProgAttach.ATTACH_TYPE));
        try (StructValue value = ProgAttach.STRUCT.allocate()) {
            attr.requireZeroFrom(ProgAttach.STRUCT.sizeBytes());
            boolean byId = (attr.get(ProgAttach.ATTACH_FLAGS) & BPF_F_ID) != 0;
            for (StructField field : ProgAttach.STRUCT.fields()) {
                if (field != (device ? ProgAttach.TARGET_FD : ProgAttach.TARGET_IFINDEX)
                        && field != (byId ? ProgAttach.RELATIVE_FD : ProgAttach.RELATIVE_ID)) {
                    copy(attr, value, field, f -> -1);
                }
            }
            return finish(command, ProgAttach.STRUCT, attr, value);
        }
    }

    private int query(Attr attr) {
        boolean device = onInterface(attr.get(ProgQuery.ATTACH_TYPE));
        long count = attr.get(ProgQuery.PROG_CNT);
        try (StructValue value = ProgQuery.STRUCT.allocate()) {
            attr.requireZeroFrom(ProgQuery.STRUCT.sizeBytes());
            for (StructField field : ProgQuery.STRUCT.fields()) {
                if (field != (device ? ProgQuery.TARGET_FD : ProgQuery.TARGET_IFINDEX) && field != ProgQuery.COUNT) {
                    copy(attr, value, field, f -> count * 4);
                }
            }
            return finish(BpfCommand.PROG_QUERY, ProgQuery.STRUCT, attr, value);
        }
    }

    /** {@code fd} is one of process {@code pid}: of this one it is the guest's number. */
    private int taskQuery(Attr attr) {
        try (StructValue value = TaskFdQuery.STRUCT.allocate()) {
            attr.requireZeroFrom(TaskFdQuery.STRUCT.sizeBytes());
            for (StructField field : TaskFdQuery.STRUCT.fields()) {
                if (field == TaskFdQuery.FD && attr.get(TaskFdQuery.PID) == context.own.getpid()) {
                    value.set(field, context.hostFd((int) attr.get(field)));
                } else {
                    copy(attr, value, field, f -> -1);
                }
            }
            return finish(BpfCommand.TASK_FD_QUERY, TaskFdQuery.STRUCT, attr, value);
        }
    }

    private int linkCreate(Attr attr) {
        long type = attr.get(LinkCreate.ATTACH_TYPE);
        boolean device = onInterface(type);
        String part = LinkParts.of(BpfAttachType.of((int) type), attr.get(LinkCreate.FLAGS));
        try (StructValue value = LinkCreate.STRUCT.allocate()) {
            attr.requireZeroFrom(LinkCreate.STRUCT.sizeBytes());
            for (StructField field : LinkCreate.STRUCT.fields()) {
                boolean wanted = field.offset() < 16
                        ? field != LinkCreate.MAP_FD
                                && field != (device ? LinkCreate.TARGET_FD : LinkCreate.TARGET_IFINDEX)
                        : LinkParts.has(part, field);
                if (wanted) {
                    copy(attr, value, field, f -> LinkParts.length(f, value));
                }
            }
            return finish(BpfCommand.LINK_CREATE, LinkCreate.STRUCT, attr, value);
        }
    }

    /** The struct a descriptor's information comes in, found by what the descriptor is. */
    private int info(Attr attr) {
        int fd = context.hostFd((int) attr.get(ObjInfo.BPF_FD));
        KernelStruct struct = switch (DescriptorKind.of(fd)) {
            case MAP -> MapInfo.STRUCT;
            case PROGRAM -> ProgInfo.STRUCT;
            case BTF -> BtfInfo.STRUCT;
            case LINK -> LinkInfo.STRUCT;
            case OTHER -> null;
        };
        if (struct == null) {
            return -Errno.EINVAL;
        }
        int at = pointer(attr.get(ObjInfo.INFO));
        int size = (int) attr.get(ObjInfo.INFO_LEN);
        if (size < 0 || at == 0) {
            return size < 0 ? -Errno.EINVAL : -Errno.EFAULT;
        }
        context.memory().offset(at, size);
        return InfoCall.make(context, this, fd, struct, new Attr(at, Math.min(size, struct.sizeBytes())), attr);
    }
}
