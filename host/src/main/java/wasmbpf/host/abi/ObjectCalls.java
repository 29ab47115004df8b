package wasmbpf.host.abi;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import wasmbpf.host.BpfMap;
import wasmbpf.host.BpfObject;
import wasmbpf.host.BpfProgram;
import wasmbpf.host.attach.Attacher;
import wasmbpf.host.load.LoadOptions;
import wasmbpf.host.load.LoadedMap;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.host.load.VerifierLog;
import wasmbpf.host.object.MapSizing;
import wasmbpf.host.object.MapSpec;
import wasmbpf.host.object.ProgramSpec;
import wasmbpf.host.object.ReadOptions;
import wasmbpf.host.wasi.GuestMemory;
import wasmbpf.sys.BpfFlags;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.Errno;
import wasmbpf.sys.SysException;

/**
 * Objects opened without being loaded: what can be asked and set of them, of their maps and programs by index, and the
 * bytes of their data sections. The numbers of kinds and properties are part of the ABI: docs/abi.md.
 */
final class ObjectCalls {
    static final int MAP = 1;
    static final int PROGRAM = 2;
    /** {@code struct wasm_bpf_open_options}: u32 size, name, pin_root, kconfig, btf, flags, log_level, log, log_size. */
    private static final int OPEN_OPTIONS = 36;
    private static final int RELAXED_MAPS = 1;

    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int SHARE = 2;
    private static final int UNSHARE = 3;

    private final GuestContext context;
    private final ObjectBytes bytes;

    ObjectCalls(GuestContext context) {
        this.context = context;
        this.bytes = new ObjectBytes(context, this);
    }

    ObjectBytes bytes() {
        return bytes;
    }

    /** The image is copied: the guest may free its own as soon as this returns. */
    long open(int image, int size, int options) {
        GuestMemory memory = context.memory();
        byte[] elf = memory.bytes(image, size);
        String name = context.options.objectName();
        ReadOptions reading = ReadOptions.DEFAULT;
        LoadOptions loading = context.loading;
        if (options != 0) {
            memory.offset(options, OPEN_OPTIONS);
            if (memory.i32(options) < OPEN_OPTIONS) {
                return -Errno.EINVAL;
            }
            String given = context.text(memory.i32(options + 4));
            name = given == null || given.isEmpty() ? name : given;
            if ((memory.i32(options + 20) & RELAXED_MAPS) != 0) {
                reading = new ReadOptions(null, true, true, true);
            }
            loading = loading(loading, options);
        }
        GuestObject object = new GuestObject(BpfObject.open(name, elf, reading.withObjectName(name)), context.fds);
        object.loading(loading);
        return context.objects.add(object);
    }

    private LoadOptions loading(LoadOptions base, int options) {
        GuestMemory memory = context.memory();
        LoadOptions loading = base;
        String pinRoot = context.text(memory.i32(options + 8));
        if (pinRoot != null) {
            loading = loading.withPinDirectory(pinRoot);
        }
        String kconfig = context.text(memory.i32(options + 12));
        if (kconfig != null) {
            loading = loading.withKconfig(kconfig);
        }
        String btf = context.text(memory.i32(options + 16));
        if (btf != null) {
            loading = loading.withKernelBtf(Path.of(btf));
        }
        int level = memory.i32(options + 24);
        int log = memory.i32(options + 28);
        int logSize = memory.i32(options + 32);
        if (log != 0 && logSize > 0) {
            memory.offset(log, logSize);
            loading = loading.withVerifierLog(level, text -> copyLog(text, log, logSize));
        } else if (level > 0) {
            loading = loading.withVerifierLog(level, text -> text.text().lines().forEach(context.messages::warn));
        }
        return loading;
    }

    private void copyLog(VerifierLog log, int at, int size) {
        copyText(log.text(), at, size);
    }

    int load(long handle) {
        GuestObject object = context.object(handle);
        if (object.object().isLoaded() || object.failed()) {
            return -Errno.EINVAL;
        }
        try {
            object.object().load(context.kernel, logged(object));
        } catch (RuntimeException e) {
            object.fail();
            throw e;
        }
        return 0;
    }

    /** A program's log goes to the place that the guest gave it, else to the object's. */
    private LoadOptions logged(GuestObject object) {
        LoadOptions loading = object.loading();
        if (object.logs().isEmpty()) {
            return loading;
        }
        return loading.withVerifierLog(loading.verifierLogLevel(), log -> {
            GuestObject.LogPlace place = object.logs().get(log.program());
            if (place != null) {
                copyText(log.text(), place.address(), place.size());
            } else if (loading.verifierLog() != null) {
                loading.verifierLog().accept(log);
            }
        });
    }

    int find(long handle, int kind, int name) {
        String text = context.memory().cString(name, GuestContext.MAX_STRING);
        BpfObject object = context.object(handle).object();
        switch (kind) {
            case MAP -> {
                BpfMap found = object.findMap(text);
                return found == null ? -Errno.ENOENT : object.maps().indexOf(found);
            }
            case PROGRAM -> {
                BpfProgram found = object.findProgram(text);
                return found == null ? -Errno.ENOENT : object.programs().indexOf(found);
            }
            default -> {
                return -Errno.EINVAL;
            }
        }
    }

    BpfMap map(GuestObject object, int index) {
        var maps = object.object().maps();
        if (index < 0 || index >= maps.size()) {
            throw new SysException("use map " + index, Errno.EINVAL, "the object has " + maps.size());
        }
        return maps.get(index);
    }

    BpfProgram program(GuestObject object, int index) {
        var programs = object.object().programs();
        if (index < 0 || index >= programs.size()) {
            throw new SysException("use program " + index, Errno.EINVAL, "the object has " + programs.size());
        }
        return programs.get(index);
    }

    // ---- numbers ----

    long get(long handle, int kind, int index, int property) {
        GuestObject object = context.object(handle);
        return switch (kind) {
            case MAP -> getMap(object, map(object, index), property);
            case PROGRAM -> getProgram(object, program(object, index), property);
            case 0 -> switch (property) {
                case 1 -> object.object().maps().size();
                case 2 -> object.object().programs().size();
                case 3 -> object.object().isLoaded() ? 1 : 0;
                default -> -Errno.EINVAL;
            };
            default -> -Errno.EINVAL;
        };
    }

    private long getMap(GuestObject object, BpfMap map, int property) {
        MapSpec spec = map.spec();
        LoadedMap loaded = object.object().isLoaded() ? object.object().loaded().map(spec) : null;
        return switch (property) {
            case 1 -> spec.type();
            case 2 -> spec.keySize();
            case 3 -> object.narrow(spec) ? spec.valueSize() / 2 : spec.valueSize();
            case 4 -> Integer.toUnsignedLong(loaded == null ? spec.maxEntries() : loaded.maxEntries());
            case 5 -> Integer.toUnsignedLong(loaded == null ? spec.flags() : loaded.flags());
            case 6 -> spec.extra();
            case 7 -> spec.numaNode();
            case 8 -> spec.ifindex();
            case 9 -> spec.autocreate() ? 1 : 0;
            case 10 -> spec.autoattach() ? 1 : 0;
            case 11 -> spec.keyTypeId();
            case 12 -> spec.valueTypeId();
            case 13 -> loaded == null ? -Errno.ENOENT : number(object.descriptor(map));
            case 14 -> spec.internal() ? 1 : 0;
            case 15 -> spec.structOps() != null ? 1 : 0;
            case 16 -> object.narrow(spec) ? spec.valueSize() / 2
                    : loaded == null ? spec.valueSize() : loaded.valueBytes();
            case 17 -> spec.pinning() == MapSpec.Pinning.BY_NAME || spec.pinPath() != null ? 1 : 0;
            default -> -Errno.EINVAL;
        };
    }

    private static int number(int fd) {
        return fd < 0 ? -Errno.EMFILE : fd;
    }

    private long getProgram(GuestObject object, BpfProgram program, int property) {
        ProgramSpec spec = program.spec();
        boolean loaded = object.object().isLoaded() && object.object().loaded().program(spec.name()) != null;
        return switch (property) {
            case 1 -> spec.type();
            case 2 -> loaded ? program.loaded().expectedAttachType() : spec.expectedAttachType();
            case 3 -> Integer.toUnsignedLong(spec.flags());
            case 4 -> spec.ifindex();
            case 5 -> spec.autoload() ? 1 : 0;
            case 6 -> spec.autoattach() ? 1 : 0;
            case 7 -> spec.insnCount();
            case 8 -> loaded ? number(object.descriptor(program)) : -Errno.ENOENT;
            case 9 -> loaded && Attacher.attachesByItself(program.loaded()) ? 1 : 0;
            case 11 -> spec.logLevel();
            default -> -Errno.EINVAL;
        };
    }

    int set(long handle, int kind, int index, int property, long value) {
        GuestObject object = context.object(handle);
        if (kind == MAP) {
            return setMap(object, map(object, index), property, value);
        }
        return kind == PROGRAM ? setProgram(object, program(object, index), property, value) : -Errno.EINVAL;
    }

    private int setMap(GuestObject object, BpfMap map, int property, long value) {
        MapSpec spec = map.spec();
        int number = (int) value;
        // As libbpf: what says whether to attach may change later, all else only before the load.
        if (property != 10 && settled(object)) {
            return -Errno.EBUSY;
        }
        switch (property) {
            case 1 -> spec.type(number);
            case 2 -> spec.keySize(number);
            case 3 -> {
                if (spec.internal() && (number < 0 || number > MAX_IMAGE)) {
                    return -Errno.EINVAL;
                }
                boolean narrow = spec.type() == BpfMapType.STACK_TRACE.number() && number % 8 == 4;
                object.narrow(spec, narrow);
                spec.valueSize(narrow ? number * 2 : number);
            }
            case 4 -> spec.maxEntries(number);
            case 5 -> spec.flags(number);
            case 6 -> spec.extra(value);
            case 7 -> spec.numaNode(number);
            case 8 -> spec.ifindex(number);
            case 9 -> spec.autocreate(value != 0);
            case 10 -> spec.autoattach(value != 0);
            case 18 -> spec.reuseFd(context.hostFd(number));
            case 19 -> spec.innerFd(context.hostFd(number));
            case 20 -> {
                return bytes.function(object, spec, number, (int) (value >> 32) - 1);
            }
            default -> {
                return -Errno.EINVAL;
            }
        }
        return 0;
    }

    /** A data section of more than this is no guest's: its memory has 4 GiB. */
    private static final int MAX_IMAGE = 1 << 30;

    private static boolean settled(GuestObject object) {
        return object.object().isLoaded() || object.failed();
    }

    private int setProgram(GuestObject object, BpfProgram program, int property, long value) {
        ProgramSpec spec = program.spec();
        int number = (int) value;
        if (property != 6 && settled(object)) {
            return -Errno.EBUSY;
        }
        switch (property) {
            case 1 -> spec.type(number);
            case 2 -> spec.expectedAttachType(number);
            case 3 -> spec.flags(number);
            case 4 -> spec.ifindex(number);
            case 5 -> spec.autoload(value != 0);
            case 6 -> spec.autoattach(value != 0);
            // The function follows as text.
            case 10 -> spec.attachTarget(number == 0 ? 0 : context.hostFd(number), spec.attachTarget());
            case 11 -> spec.logLevel(number);
            case 12 -> {
                int size = (int) (value >>> 32);
                context.memory().offset(number, Integer.toUnsignedLong(size));
                object.log(spec.name(), number, size);
            }
            default -> {
                return -Errno.EINVAL;
            }
        }
        return 0;
    }

    // ---- texts ----

    /** @return the length of the text, which is copied cut to {@code size} with a NUL; {@code size} 0 only asks */
    int getText(long handle, int kind, int index, int property, int text, int size) {
        GuestObject object = context.object(handle);
        String value = switch (kind * 10 + property) {
            case 1 -> object.object().name();
            case MAP * 10 + 1 -> map(object, index).spec().name();
            case MAP * 10 + 2 -> map(object, index).name();
            case MAP * 10 + 3 -> pinPath(object, map(object, index).spec());
            case PROGRAM * 10 + 1 -> program(object, index).name();
            case PROGRAM * 10 + 2 -> program(object, index).spec().sectionName();
            case PROGRAM * 10 + 3 -> program(object, index).spec().attachTarget();
            default -> throw new SysException("ask for text " + property, Errno.EINVAL);
        };
        return copyText(value, text, size);
    }

    private static String pinPath(GuestObject object, MapSpec spec) {
        if (spec.pinPath() != null) {
            return spec.pinPath();
        }
        return spec.pinning() == MapSpec.Pinning.BY_NAME ? object.loading().pinDirectory() + "/" + spec.name() : "";
    }

    private int copyText(String value, int text, int size) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (size > 0) {
            int copied = Math.min(bytes.length, size - 1);
            context.memory().offset(text, size);
            context.memory().bytes(text, bytes, copied);
            context.memory().u8(text + copied, 0);
        }
        return bytes.length;
    }

    int setText(long handle, int kind, int index, int property, int text) {
        GuestObject object = context.object(handle);
        String value = context.text(text);
        if (settled(object)) {
            return -Errno.EBUSY;
        }
        if (kind == MAP && property == 3) {
            map(object, index).spec().pinPath(value);
            return 0;
        }
        if (kind == PROGRAM && property == 3 && value != null) {
            ProgramSpec spec = program(object, index).spec();
            spec.attachTarget(spec.attachProgramFd(), value);
            return 0;
        }
        return -Errno.EINVAL;
    }

    // ---- data sections ----

    /** The initial bytes of a data section or struct_ops map, or its map's memory. */
    int value(long handle, int index, int operation, int data, int size) {
        GuestObject object = context.object(handle);
        BpfMap map = map(object, index);
        return switch (operation) {
            case READ -> read(object, map, data, size);
            case WRITE -> write(object, map, data, size);
            case SHARE -> share(object, map, data, size);
            case UNSHARE -> unshare(object, data);
            default -> -Errno.EINVAL;
        };
    }

    private static byte[] image(BpfMap map) {
        return map.spec().structOps() != null ? map.spec().structOps().data() : map.spec().initialValue();
    }

    /** Before the load the image; after it what the kernel has. */
    private int read(GuestObject object, BpfMap map, int data, int size) {
        byte[] image = image(map);
        if (image == null || size < 0) {
            return -Errno.EINVAL;
        }
        context.memory().offset(data, size);
        LoadedMap loaded = object.object().isLoaded() ? object.object().loaded().map(map.spec()) : null;
        if (loaded == null || map.spec().structOps() != null) {
            context.memory().bytes(data, image, Math.min(size, image.length));
            return image.length;
        }
        byte[] value = loaded.lookup(new byte[loaded.keySize()]);
        if (value == null) {
            return -Errno.ENOENT;
        }
        context.memory().bytes(data, value, Math.min(size, value.length));
        return value.length;
    }

    private int write(GuestObject object, BpfMap map, int data, int size) {
        if (settled(object)) {
            return -Errno.EBUSY;
        }
        byte[] image = image(map);
        if (image == null || size != image.length) {
            return -Errno.EINVAL;
        }
        byte[] bytes = context.memory().bytes(data, size);
        System.arraycopy(bytes, 0, image, 0, size);
        return 0;
    }

    private int share(GuestObject object, BpfMap map, int data, int size) {
        LoadedMap loaded = object.object().isLoaded() ? object.object().loaded().map(map.spec()) : null;
        if (loaded == null) {
            return -Errno.ENOENT;
        }
        int pageSize = object.object().loaded().runningKernel().pageSize();
        long bytes = MapSizing.mappedArray(loaded.valueSize(), loaded.maxEntries(), pageSize);
        if ((loaded.flags() & BpfFlags.BPF_F_MMAPABLE) == 0) {
            return -Errno.EOPNOTSUPP;
        }
        if ((loaded.flags() & BpfFlags.BPF_F_RDONLY_PROG) != 0) {
            // A write to a read-only page would end the JVM.
            return -Errno.EACCES;
        }
        if (data % pageSize != 0 || size != bytes) {
            return -Errno.EINVAL;
        }
        long address = context.memory().address(data, bytes);
        object.closeWindow(address);
        MemoryWindow[] window = new MemoryWindow[1];
        int result = MemoryWindow.open(context.own, loaded.fd(), address, bytes, window);
        if (result == 0) {
            object.keep(window[0]);
        }
        return result;
    }

    private int unshare(GuestObject object, int data) {
        long address = context.memory().address(data, 1);
        return object.closeWindow(address) ? 0 : -Errno.ENOENT;
    }

    /** BTF of the kernel or a module, as the kernel gives it: its size; {@code size} 0 only asks. */
    long kernelBtf(int module, int data, int size) {
        String name = context.text(module);
        String file = name == null || name.isEmpty() ? "vmlinux" : name;
        if (file.contains("/") || file.startsWith(".")) {
            return -Errno.EINVAL;
        }
        byte[] bytes = RunningKernel.of(context.kernel).files()
                .readIfReadable("/sys/kernel/btf/" + file);
        if (bytes == null) {
            return -Errno.ENOENT;
        }
        if (size != 0) {
            if (size < bytes.length) {
                return -Errno.ENOSPC;
            }
            context.memory().bytes(data, bytes, bytes.length);
        }
        return bytes.length;
    }
}
