package wasmbpf.sys.replay;

import java.util.ArrayList;
import java.util.List;
import wasmbpf.sys.BpfAttrs;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Linux;
import wasmbpf.sys.Shown;
import wasmbpf.sys.StructField;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SystemCall;

/**
 * The text of one call as it was asked, {@code bpf(MAP_CREATE, map_type=RINGBUF, max_entries=4096)}, and the places the
 * kernel may write. Driven by {@link SystemCall#signature()} and the {@link wasmbpf.sys.KernelStruct} declarations: the
 * same declaration writes the attr and prints it.
 *
 * <p>Fields that were not set, and zeros that mean nothing, are left out; addresses never appear.
 */
final class CallText {
    private static final String[] PROT = {"READ", "WRITE", "EXEC"};
    private static final String[] MAP = {"SHARED", "PRIVATE", null, null, "FIXED", "ANONYMOUS", null, null, null, null,
            null, null, null, null, "NORESERVE"};
    private static final String[] OPEN = {"WRONLY", "RDWR", null, null, null, null, "CREAT", "EXCL", null, "TRUNC",
            "APPEND", "NONBLOCK", null, null, null, null, null, null, null, "CLOEXEC", null, "PATH"};
    private static final int TEXT_LIMIT = 1 << 20;

    private final Handles handles;
    private final Payloads payloads;
    private final StringBuilder text = new StringBuilder();
    private final List<Slot> slots = new ArrayList<>();

    private CallText(Handles handles, Payloads payloads) {
        this.handles = handles;
        this.payloads = payloads;
    }

    static CallText of(Handles handles, Payloads payloads, SystemCall call, StructValue attr, long... arguments) {
        CallText made = new CallText(handles, payloads);
        made.print(call, attr, arguments);
        return made;
    }

    String text() {
        return text.toString();
    }

    /** Where the kernel may write, in order of appearance. */
    List<Slot> slots() {
        return slots;
    }

    private void print(SystemCall call, StructValue attr, long[] arguments) {
        text.append(call.kernelName()).append('(');
        Signature signature = Signature.of(call);
        boolean first = true;
        for (int i = 0; i < signature.parameters().size(); i++) {
            Signature.Parameter parameter = signature.parameters().get(i);
            if (parameter.kind().equals("unused")) {
                continue;
            }
            // The fields of bpf(2)'s attr stand without braces and bring their own commas.
            text.append(first || call == SystemCall.BPF ? "" : ", ");
            first = false;
            argument(call, signature, parameter, attr, arguments, arguments[i]);
        }
        text.append(')');
    }

    private void argument(SystemCall call, Signature signature, Signature.Parameter parameter, StructValue attr,
                          long[] arguments, long value) {
        switch (parameter.kind()) {
            case "", "pid" -> text.append(value);
            case "timeout" -> text.append(handles.timeoutText((int) value));
            case "hex" -> text.append("0x").append(Long.toHexString(value));
            case "octal" -> text.append(value == 0 ? "" : "0").append(Long.toOctalString(value));
            case "fd" -> text.append(handles.fdText((int) value));
            case "region" -> text.append(handles.regionText(value));
            case "text" -> text.append(value == 0 ? "NULL" : DataText.quote(RawMemory.readText(value, TEXT_LIMIT)));
            case "in" -> {
                Handles.Descriptor to = call == SystemCall.SENDTO || call == SystemCall.WRITE
                        ? handles.descriptor((int) arguments[0]) : null;
                long extent = signature.extent(parameter, arguments);
                if (value != 0 && to != null && to.netlink && parameter.name().equals("buf")) {
                    text.append(payloads.text(Descriptors.inNetlink(handles, RawMemory.read(value, extent))));
                } else if (call == SystemCall.SETSOCKOPT && arguments[1] == Linux.SOL_SOCKET && extent == 4
                        && (arguments[2] == Linux.SO_ATTACH_BPF || arguments[2] == Linux.SO_ATTACH_REUSEPORT_EBPF)) {
                    fds(value, extent);
                } else {
                    in(value, extent);
                }
            }
            case "out" -> out(parameter.name(), value, signature.extent(parameter, arguments));
            case "inout" -> {
                if (call == SystemCall.IOCTL && arguments[3] == 0) {
                    text.append(ioctlTakesFd(arguments[1]) ? handles.fdText((int) value)
                            : "0x" + Long.toHexString(value));
                } else {
                    long extent = signature.extent(parameter, arguments);
                    in(value, extent);
                    slot(parameter.name(), Slot.Kind.BYTES, value, extent);
                }
            }
            case "bpfcmd" -> text.append(BpfCommand.of((int) value) == null ? Long.toString(value)
                    : BpfCommand.of((int) value).name());
            case "struct" -> {
                boolean braces = call != SystemCall.BPF;
                text.append(braces ? "{" : "");
                if (attr != null) {
                    struct(attr, "", mapOf(attr));
                }
                text.append(braces ? "}" : "");
            }
            case "prot" -> text.append(value == 0 ? "NONE" : Shown.flags(value, PROT));
            case "mmap" -> text.append(Shown.flags(value, MAP));
            case "open" -> text.append((value & 3) == 0 ? value == 0 ? "RDONLY" : "RDONLY|" + Shown.flags(value, OPEN)
                    : Shown.flags(value, OPEN));
            case "epollop" -> text.append(EpollText.operation(value));
            case "epoll" -> text.append(value == 0 ? "NULL" : EpollText.events(EpollText.eventBits(value)));
            case "epollout" -> {
                text.append("out");
                slot(parameter.name(), Slot.Kind.EPOLL, value, signature.extent(parameter, arguments));
            }
            case "fdsout" -> {
                text.append("out");
                slot(parameter.name(), Slot.Kind.DESCRIPTORS, value, signature.extent(parameter, arguments));
            }
            case "pollfds" -> pollFds(value, signature.extent(parameter, arguments));
            case "ioctl" -> text.append(ioctlName(value));
            case "fcntl" -> text.append(value == Linux.F_DUPFD_CLOEXEC ? "DUPFD_CLOEXEC" : Long.toString(value));
            case "socketdomain" -> text.append(switch ((int) value) {
                case Linux.AF_UNIX -> "UNIX";
                case Linux.AF_INET -> "INET";
                case Linux.AF_INET6 -> "INET6";
                case Linux.AF_NETLINK -> "NETLINK";
                case Linux.AF_PACKET -> "PACKET";
                default -> Long.toString(value);
            });
            case "sockettype" -> text.append("0x").append(Long.toHexString(value));
            case "sockopt" -> text.append(arguments[1] == Linux.SOL_SOCKET && value == Linux.SO_ATTACH_BPF
                    ? "ATTACH_BPF" : Long.toString(value));
            default -> throw new IllegalStateException(call + ": parameter kind " + parameter.kind());
        }
    }

    /** The map whose values the struct carries, or null. */
    private Handles.Descriptor mapOf(StructValue attr) {
        return attr.struct() == BpfAttrs.MapElem.STRUCT ? handles.descriptor(attr.getInt(BpfAttrs.MapElem.MAP_FD))
                : attr.struct() == BpfAttrs.MapBatch.STRUCT
                ? handles.descriptor(attr.getInt(BpfAttrs.MapBatch.MAP_FD)) : null;
    }

    /** {@code struct pollfd}: int fd, short events, short revents. */
    private void pollFds(long address, long sizeBytes) {
        text.append('[');
        for (long at = 0; at + 8 <= sizeBytes; at += 8) {
            text.append(at == 0 ? "" : " ").append(handles.fdText(RawMemory.readInt(address + at))).append(':')
                    .append(EpollText.events(RawMemory.readInt(address + at + 4) & 0xffff));
            slot("revents" + at / 8, Slot.Kind.BYTES, address + at + 6, 2);
        }
        text.append(']');
    }

    private void in(long address, long sizeBytes) {
        text.append(address == 0 ? "NULL" : payloads.text(RawMemory.read(address, sizeBytes)));
    }

    private void out(String name, long address, long sizeBytes) {
        text.append(address == 0 ? "NULL" : "out(" + sizeBytes + ")");
        if (address != 0) {
            slot(name, Slot.Kind.BYTES, address, sizeBytes);
        }
    }

    private void slot(String name, Slot.Kind kind, long address, long sizeBytes) {
        if (address != 0) {
            slots.add(new Slot(name, kind, address, sizeBytes, null));
        }
    }

    /** @param map the map whose values the struct carries, or null */
    private void struct(StructValue value, String prefix, Handles.Descriptor map) {
        for (StructField field : value.struct().fields()) {
            if (value.isSet(field) && matters(value, field)) {
                boolean open = text.charAt(text.length() - 1) == '{';
                text.append(open ? "" : ", ").append(field.name()).append('=');
                field(value, field, prefix, map);
            }
            if (field.written()) {
                slots.add(Slot.ofField(prefix, value, field));
            }
        }
    }

    /** A zero is left out unless it is one of several meanings. */
    private static boolean matters(StructValue value, StructField field) {
        return switch (field.role()) {
            case CHARS -> !value.getString(field).isEmpty();
            case VALUE -> value.get(field) != 0 || field.shown().isEnumerated();
            case FD, POINTER_IN, POINTER_OUT -> value.get(field) != 0;
        };
    }

    private void field(StructValue value, StructField field, String prefix, Handles.Descriptor map) {
        switch (field.role()) {
            case VALUE -> text.append(field.shown().text(value.get(field)));
            case FD -> text.append(handles.fdText(value.getInt(field)));
            case CHARS -> text.append(field.content() == StructField.Content.TEXT
                    ? DataText.quote(value.getString(field)) : payloads.text(value.getBytes(field)));
            case POINTER_IN -> pointerIn(value, field, prefix, map);
            case POINTER_OUT -> {
                StructValue inner = value.pointedStruct(field);
                if (inner != null) {
                    text.append('{');
                    struct(inner, prefix + field.name() + ".", null);
                    text.append('}');
                } else {
                    text.append("out(").append(value.pointedBytes(field)).append(')');
                    slots.add(new Slot(prefix + field.name(), field.content() == StructField.Content.TEXT
                            ? Slot.Kind.TEXT : Slot.Kind.BYTES, value.get(field), value.pointedBytes(field), field));
                }
            }
        }
    }

    private void pointerIn(StructValue value, StructField field, String prefix, Handles.Descriptor map) {
        long address = value.get(field);
        long sizeBytes = value.pointedBytes(field);
        switch (field.content()) {
            case TEXT -> text.append(DataText.quote(RawMemory.readText(address, Math.max(sizeBytes, 1))));
            case TEXTS -> {
                StringBuilder texts = new StringBuilder();
                for (long i = 0; i < sizeBytes / 8; i++) {
                    texts.append(i == 0 ? "" : ",").append(
                            DataText.quote(RawMemory.readText(RawMemory.readLong(address + 8 * i), TEXT_LIMIT)));
                }
                text.append('[').append(texts.length() <= 1000 ? texts
                        : payloads.text(texts.toString().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)))
                        .append(']');
            }
            case INSNS -> text.append(payloads.text(Descriptors.inInstructions(handles,
                    RawMemory.read(address, sizeBytes))));
            case FDS -> fds(address, sizeBytes);
            case MAP_VALUE -> {
                if (map != null && map.holdsDescriptors() && sizeBytes % 4 == 0) {
                    fds(address, sizeBytes);
                } else {
                    in(address, sizeBytes);
                }
            }
            case STRUCT -> {
                StructValue inner = value.pointedStruct(field);
                if (inner == null) {
                    in(address, sizeBytes);
                } else {
                    text.append('{');
                    struct(inner, prefix + field.name() + ".", null);
                    text.append('}');
                }
            }
            case BYTES, NONE -> in(address, sizeBytes);
        }
    }

    private void fds(long address, long sizeBytes) {
        for (long i = 0; i < sizeBytes / 4; i++) {
            text.append(i == 0 ? "" : " ").append(handles.fdText(RawMemory.readInt(address + 4 * i)));
        }
    }

    private static boolean ioctlTakesFd(long request) {
        return request == Linux.PERF_EVENT_IOC_SET_BPF || request == Linux.PERF_EVENT_IOC_SET_OUTPUT;
    }

    private static String ioctlName(long request) {
        if (request == Linux.PERF_EVENT_IOC_ENABLE) {
            return "PERF_EVENT_ENABLE";
        }
        if (request == Linux.PERF_EVENT_IOC_DISABLE) {
            return "PERF_EVENT_DISABLE";
        }
        if (request == Linux.PERF_EVENT_IOC_SET_BPF) {
            return "PERF_EVENT_SET_BPF";
        }
        if (request == Linux.PERF_EVENT_IOC_SET_OUTPUT) {
            return "PERF_EVENT_SET_OUTPUT";
        }
        return request == Linux.TCGETS ? "TCGETS" : "0x" + Long.toHexString(request);
    }
}
