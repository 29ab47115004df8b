package wasmbpf.host.load;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

import wasmbpf.host.load.KernelFeatures.Feature;
import wasmbpf.host.object.LinkedObject;
import wasmbpf.host.object.MapSizing;
import wasmbpf.host.object.MapSpec;
import wasmbpf.host.object.StructOpsValues;
import wasmbpf.sys.BpfAttrs.MapCreate;
import wasmbpf.sys.BpfAttrs.MapElem;
import wasmbpf.sys.BpfAttrs.ObjInfo;
import wasmbpf.sys.BpfAttrs.ObjPin;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfFlags;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.InfoStructs.MapInfo;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.MappedRegion;
import wasmbpf.sys.StructValue;

/**
 * Creates an object's maps, or finds them where they are pinned, and fills them: libbpf {@code
 * bpf_object__create_maps}. Maps made are added to {@code made} as they are, so that the caller can close them if a
 * later one fails.
 */
final class MapCreator {
    private final Kernel kernel;
    private final RunningKernel running;
    private final LoadOptions options;
    private final int btfFd;
    private final int tokenFd;
    private final StructOps structOps;
    private final List<LoadedMap> made;
    private final List<String> pinned;
    /** Flags of the map created last: an old kernel's lack BPF_F_MMAPABLE. */
    private int createdFlags;
    private long arenaOffset;

    /**
     * @param btfFd   the object's BTF, or -1
     * @param tokenFd a BPF token, or -1
     * @param pinned  receives the path of every map pinned here
     */
    MapCreator(Kernel kernel, RunningKernel running, LoadOptions options, int btfFd, int tokenFd,
               StructOps structOps, List<LoadedMap> made, List<String> pinned) {
        this.kernel = kernel;
        this.running = running;
        this.options = options;
        this.btfFd = btfFd;
        this.tokenFd = tokenFd;
        this.structOps = structOps;
        this.made = made;
        this.pinned = pinned;
    }

    /** Creates all that are to be created, in order. */
    void createAll(LinkedObject linked) {
        arenaOffset = linked.arenaOffset();
        for (MapSpec spec : linked.spec().maps()) {
            if (spec.autocreate()) {
                createOrReuse(spec);
            }
        }
    }

    private void createOrReuse(MapSpec spec) {
        String path = pinPath(spec);
        for (boolean retried = false; ; retried = true) {
            if (path != null) {
                Fd found = find(spec, path);
                if (found != null) {
                    fillSlots(add(spec, found, entries(spec), spec.flags()));
                    return;
                }
            }
            if (spec.reuseFd() >= 0) {
                reuse(spec, path);
                return;
            }
            Fd fd = create(spec);
            int raced = 0;
            try {
                fill(spec, fd);
                if (path != null) {
                    raced = pin(spec, fd, path);
                }
            } catch (RuntimeException e) {
                if (fd.isOpen() && made.stream().noneMatch(map -> map.spec() == spec)) {
                    fd.close();
                }
                throw e;
            }
            if (raced == 0) {
                return;
            }
            // Someone else pinned it between our look and our pin: use theirs, once.
            made.removeLast().close();
            if (retried) {
                throw failed("pin map \"" + spec.name() + "\" at " + path, raced, "");
            }
        }
    }

    /** Takes a map that the caller has: it is as it is, the file's definition gives way. */
    private void reuse(MapSpec spec, String path) {
        String operation = "reuse the map of descriptor " + spec.reuseFd() + " as \"" + spec.name() + "\"";
        int copy = kernel.fcntl(spec.reuseFd(), Linux.F_DUPFD_CLOEXEC, 3);
        if (copy < 0) {
            throw failed(operation, -copy, "");
        }
        Fd fd = Fd.of(kernel, copy, "map \"" + spec.name() + "\"");
        try (StructValue info = MapInfo.STRUCT.allocate(); StructValue attr = ObjInfo.STRUCT.allocate()) {
            attr.set(ObjInfo.BPF_FD, fd.number()).point(ObjInfo.INFO, info);
            int result = kernel.bpf(BpfCommand.OBJ_GET_INFO_BY_FD, attr);
            if (result < 0) {
                throw failed(operation, -result, "");
            }
            spec.like(info.getInt(MapInfo.TYPE), info.getInt(MapInfo.KEY_SIZE), info.getInt(MapInfo.VALUE_SIZE),
                    info.getInt(MapInfo.MAX_ENTRIES), info.getInt(MapInfo.MAP_FLAGS), info.get(MapInfo.MAP_EXTRA));
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
        fillSlots(add(spec, fd, spec.maxEntries(), spec.flags()));
        if (path != null) {
            int raced = pin(spec, fd, path);
            if (raced != 0) {
                throw failed("pin map \"" + spec.name() + "\" at " + path, raced, "");
            }
        }
    }

    // ---- creation ----

    private static LoadException failed(String operation, int errno, String detail) {
        return LoadException.of(operation, errno, detail);
    }

    private int entries(MapSpec spec) {
        BpfMapType type = BpfMapType.of(spec.type());
        return type == null ? spec.maxEntries() : switch (type) {
            case PERF_EVENT_ARRAY -> spec.maxEntries() != 0 ? spec.maxEntries()
                    : MapSizing.perfEventArray(0, running.cpus().possible());
            case RINGBUF, USER_RINGBUF -> MapSizing.ringBuffer(spec.maxEntries(), running.pageSize());
            default -> spec.maxEntries();
        };
    }

    private Fd create(MapSpec spec) {
        if (spec.innerFd() >= 0) {
            return create(spec, null, spec.innerFd());
        }
        if (spec.inner() == null) {
            return create(spec, null, -1);
        }
        String innerName = spec.name() + ".inner";
        try (Fd inner = create(spec.inner(), innerName, -1)) {
            return create(spec, null, inner.number());
        }
    }

    private Fd create(MapSpec spec, String otherName, int innerFd) {
        String name = otherName == null ? spec.name() : otherName;
        String operation = "create map \"" + name + "\"";
        boolean withIds = btfFd >= 0 && takesBtf(spec.type());
        boolean typed = withIds && (spec.keyTypeId() != 0 || spec.valueTypeId() != 0);
        int flags = spec.flags();
        int result = submit(spec, name, innerFd, withIds, flags);
        if (result == -Errno.EPERM && MemoryLimit.raise(running)) {
            result = submit(spec, name, innerFd, withIds, flags);
        }
        if (result < 0 && spec.internal() && (flags & BpfFlags.BPF_F_MMAPABLE) != 0
                && !running.has(Feature.ARRAY_MMAP)) {
            flags &= ~BpfFlags.BPF_F_MMAPABLE;
            result = submit(spec, name, innerFd, withIds, flags);
        }
        if (result < 0 && typed) {
            // As libbpf: some map types and kernels refuse key and value types of an array or hash that is otherwise
            // good.
            options.warnings().accept(operation + ": " + Errno.name(-result) + " with BTF types; trying without");
            result = submit(spec, name, innerFd, false, flags);
        }
        if (result < 0) {
            Privileges privileges = result == -Errno.EPERM ? Privileges.forMap(running, BpfMapType.of(spec.type()))
                    : new Privileges(false, "");
            String advice = privileges.missing() ? privileges.advice()
                    : result == -Errno.EPERM && MemoryLimit.mayBeWhy(running) ? MemoryLimit.ADVICE : describe(spec);
            throw new LoadException(operation, -result, advice, null, privileges.missing(), null);
        }
        createdFlags = flags;
        return Fd.of(kernel, result, "map \"" + name + "\"");
    }

    private String describe(MapSpec spec) {
        BpfMapType type = BpfMapType.of(spec.type());
        return "; " + (type == null ? "type " + spec.type() : type.kernelName()) + ", key_size " + spec.keySize()
                + ", value_size " + spec.valueSize() + ", max_entries " + Integer.toUnsignedString(entries(spec))
                + (spec.flags() == 0 ? "" : ", map_flags 0x" + Integer.toHexString(spec.flags()));
    }

    private int submit(MapSpec spec, String name, int innerFd, boolean withBtf, int flags) {
        try (StructValue attr = MapCreate.STRUCT.allocate()) {
            attr.set(MapCreate.MAP_TYPE, spec.type()).set(MapCreate.KEY_SIZE, spec.keySize())
                    .set(MapCreate.VALUE_SIZE, spec.valueSize()).set(MapCreate.MAX_ENTRIES, entries(spec))
                    .set(MapCreate.MAP_NAME, name);
            StructOpsValues.Value layout = structOps.layout(spec);
            int allFlags = tokenFd >= 0 ? flags | BpfFlags.BPF_F_TOKEN_FD : flags;
            if (layout != null) {
                attr.set(MapCreate.BTF_VMLINUX_VALUE_TYPE_ID, layout.valueTypeId());
                if (layout.module() != null) {
                    allFlags |= BpfFlags.BPF_F_VTYPE_BTF_OBJ_FD;
                    attr.set(MapCreate.VALUE_TYPE_BTF_OBJ_FD, StructOps.fd(layout.module()));
                }
            }
            if (allFlags != 0) {
                attr.set(MapCreate.MAP_FLAGS, allFlags);
            }
            if (innerFd >= 0) {
                attr.set(MapCreate.INNER_MAP_FD, innerFd);
            }
            if (spec.numaNode() != 0) {
                attr.set(MapCreate.NUMA_NODE, spec.numaNode());
            }
            if (spec.ifindex() != 0) {
                attr.set(MapCreate.MAP_IFINDEX, spec.ifindex());
            }
            if (withBtf) {
                attr.set(MapCreate.BTF_FD, btfFd).set(MapCreate.BTF_KEY_TYPE_ID, spec.keyTypeId())
                        .set(MapCreate.BTF_VALUE_TYPE_ID, layout == null ? spec.valueTypeId() : 0);
            }
            if (spec.extra() != 0) {
                attr.set(MapCreate.MAP_EXTRA, spec.extra());
            }
            if (tokenFd >= 0) {
                attr.set(MapCreate.MAP_TOKEN_FD, tokenFd);
            }
            return kernel.bpf(BpfCommand.MAP_CREATE, attr);
        }
    }

    /** Whether the kernel lets maps of that type have BTF: libbpf's list in {@code bpf_object__create_map}. */
    private static boolean takesBtf(int type) {
        BpfMapType known = BpfMapType.of(type);
        return known == null || switch (known) {
            case PERF_EVENT_ARRAY, CGROUP_ARRAY, STACK_TRACE, ARRAY_OF_MAPS, HASH_OF_MAPS, DEVMAP, DEVMAP_HASH, CPUMAP,
                    XSKMAP, SOCKMAP, SOCKHASH, QUEUE, STACK, ARENA -> false;
            default -> true;
        };
    }

    private LoadedMap add(MapSpec spec, Fd fd, int entries, int flags) {
        LoadedMap map = new LoadedMap(kernel, running, spec, fd, entries, flags);
        made.add(map);
        return map;
    }

    // ---- contents ----

    private void fill(MapSpec spec, Fd fd) {
        LoadedMap map = add(spec, fd, entries(spec), createdFlags);
        if (spec.internal()) {
            populate(spec, fd);
        } else if (map.is(BpfMapType.ARENA)) {
            // The verifier wants to know where user space sees it, and its globals have to be there.
            MappedRegion arena = map.memory();
            byte[] image = spec.initialValue();
            if (image != null) {
                MemorySegment.copy(image, 0, arena.segment(), ValueLayout.JAVA_BYTE, arenaOffset, image.length);
            }
        }
        fillSlots(map);
    }

    private void fillSlots(LoadedMap map) {
        MapSpec spec = map.spec();
        for (MapSpec.Slot slot : spec.slots()) {
            if (slot.map() != null) {
                LoadedMap inner = made.stream().filter(each -> each.spec() == slot.map()).findFirst().orElseThrow(
                        () -> failed("fill map \"" + spec.name() + "\"", Errno.ENOENT, "; slot " + slot.index()
                                + " is map \"" + slot.map().name() + "\", which was not created before it"));
                put(kernel, map, slot.index(), inner.fd(), "map \"" + inner.name() + "\"");
            }
        }
    }

    /** Puts a descriptor in a slot of a map of maps or of programs. */
    static void put(Kernel kernel, LoadedMap map, int index, int fd, String what) {
        try (StructValue attr = MapElem.STRUCT.allocate()) {
            attr.set(MapElem.MAP_FD, map.fd()).point(MapElem.KEY, new int[] {index})
                    .point(MapElem.VALUE, new int[] {fd});
            int result = kernel.bpf(BpfCommand.MAP_UPDATE_ELEM, attr);
            if (result < 0) {
                throw failed("put " + what + " in slot " + index + " of map \"" + map.name() + "\"", -result, "");
            }
        }
    }

    /** Writes the image and freezes what programs only read: libbpf {@code bpf_object__populate_internal_map}. */
    private void populate(MapSpec spec, Fd fd) {
        try (StructValue attr = MapElem.STRUCT.allocate()) {
            attr.set(MapElem.MAP_FD, fd.number()).point(MapElem.KEY, new int[] {0})
                    .point(MapElem.VALUE, spec.initialValue());
            int result = kernel.bpf(BpfCommand.MAP_UPDATE_ELEM, attr);
            if (result < 0) {
                throw failed("fill map \"" + spec.realName() + "\"", -result, "");
            }
        }
        if (spec.kind() == MapSpec.Kind.RODATA || spec.kind() == MapSpec.Kind.KCONFIG) {
            try (StructValue attr = MapElem.STRUCT.allocate()) {
                attr.set(MapElem.MAP_FD, fd.number());
                int result = kernel.bpf(BpfCommand.MAP_FREEZE, attr);
                if (result < 0) {
                    throw failed("freeze map \"" + spec.realName() + "\"", -result, "");
                }
            }
        }
    }

    // ---- pinning ----

    private String pinPath(MapSpec spec) {
        if (spec.pinPath() != null) {
            return spec.pinPath();
        }
        return switch (spec.pinning()) {
            case NONE -> null;
            case BY_NAME -> options.pinDirectory() + "/" + spec.name();
        };
    }

    /** The map at that path, or null if there is none: libbpf {@code bpf_object__reuse_map}. */
    private Fd find(MapSpec spec, String path) {
        String operation = "reuse map \"" + spec.name() + "\" pinned at " + path;
        int result;
        try (StructValue attr = ObjPin.STRUCT.allocate()) {
            attr.point(ObjPin.PATHNAME, path);
            result = kernel.bpf(BpfCommand.OBJ_GET, attr);
        }
        if (result == -Errno.ENOENT) {
            return null;
        }
        if (result < 0) {
            throw failed(operation, -result, "");
        }
        Fd fd = Fd.of(kernel, result, "map \"" + spec.name() + "\"");
        try {
            requireSame(spec, fd, operation);
            return fd;
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    private void requireSame(MapSpec spec, Fd fd, String operation) {
        try (StructValue info = MapInfo.STRUCT.allocate(); StructValue attr = ObjInfo.STRUCT.allocate()) {
            attr.set(ObjInfo.BPF_FD, fd.number()).point(ObjInfo.INFO, info);
            int result = kernel.bpf(BpfCommand.OBJ_GET_INFO_BY_FD, attr);
            if (result < 0) {
                throw failed(operation, -result, "");
            }
            int flags = info.getInt(MapInfo.MAP_FLAGS);
            BpfMapType type = BpfMapType.of(spec.type());
            if (type == BpfMapType.DEVMAP || type == BpfMapType.DEVMAP_HASH) {
                // The kernel sets it by itself on these.
                flags &= ~BpfFlags.BPF_F_RDONLY_PROG;
            }
            differ(operation, "type", info.getInt(MapInfo.TYPE), spec.type());
            differ(operation, "key_size", info.getInt(MapInfo.KEY_SIZE), spec.keySize());
            differ(operation, "value_size", info.getInt(MapInfo.VALUE_SIZE), spec.valueSize());
            differ(operation, "max_entries", info.getInt(MapInfo.MAX_ENTRIES), entries(spec));
            differ(operation, "map_flags", flags, spec.flags());
            differ(operation, "map_extra", info.get(MapInfo.MAP_EXTRA), spec.extra());
        }
    }

    private static void differ(String operation, String what, long there, long here) {
        if (there != here) {
            throw failed(operation, Errno.EINVAL, "; it has " + what + " " + there + ", this object " + here
                    + ": remove it, or change the object");
        }
    }

    /** @return 0, or EEXIST if something else is pinned there by now */
    private int pin(MapSpec spec, Fd fd, String path) {
        String operation = "pin map \"" + spec.name() + "\" at " + path;
        int slash = path.lastIndexOf('/');
        String directory = slash <= 0 ? "/" : path.substring(0, slash);
        int made = kernel.mkdir(directory, 0700);
        if (made < 0 && made != -Errno.EEXIST) {
            throw failed(operation, -made, "; the directory cannot be made");
        }
        if (kernel.fileSystemType(directory) != Linux.BPF_FS_MAGIC) {
            throw failed(operation, Errno.EINVAL, "; " + directory
                    + " is not in a BPF file system: mount -t bpf bpf /sys/fs/bpf");
        }
        try (StructValue attr = ObjPin.STRUCT.allocate()) {
            attr.point(ObjPin.PATHNAME, path).set(ObjPin.BPF_FD, fd.number());
            int result = kernel.bpf(BpfCommand.OBJ_PIN, attr);
            if (result == -Errno.EEXIST) {
                return Errno.EEXIST;
            }
            if (result < 0) {
                throw failed(operation, -result, "");
            }
        }
        pinned.add(path);
        return 0;
    }
}
