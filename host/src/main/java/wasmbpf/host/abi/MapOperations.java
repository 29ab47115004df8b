package wasmbpf.host.abi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import wasmbpf.host.wasi.Descriptor;
import wasmbpf.host.wasi.FdTable;
import wasmbpf.host.wasi.GuestMemory;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.Errno;

/**
 * {@code wasm_bpf_map_operate}: one system call on the guest's memory in place, the sizes known from the load. Where the
 * kernel takes a descriptor inside a key or value, the guest's number is exchanged for the kernel's in a copy.
 */
final class MapOperations {
    private final FdTable fds;
    private final MemorySegment key = Arena.ofAuto().allocate(8, 8);
    private final MemorySegment value = Arena.ofAuto().allocate(16, 8);

    MapOperations(FdTable fds) {
        this.fds = fds;
    }

    /** @return 0 or {@code -errno}; the element flags do not concern GET_NEXT_KEY */
    int operate(GuestMemory memory, int fd, int command, int keyPointer, int valuePointer, int nextKeyPointer, long flags) {
        if (!(fds.get(fd) instanceof GuestMap map)) {
            return -Errno.EBADF;
        }
        BpfCommand op = command(command);
        if (op == null) {
            return -Errno.EINVAL;
        }
        // NULL stays NULL: the start of an iteration, and the only key a queue, stack or bloom filter has.
        int keySize = map.keySize();
        long keyAddress = keyPointer == 0 || keySize == 0 ? 0 : memory.address(keyPointer, keySize);
        if (op == BpfCommand.MAP_DELETE_ELEM) {
            return map.operate(op, key(map, memory, keyPointer, keyAddress), 0, flags);
        }
        if (op == BpfCommand.MAP_GET_NEXT_KEY) {
            long next = nextKeyPointer == 0 ? 0 : memory.address(nextKeyPointer, keySize);
            return map.operate(op, keyAddress, next, 0);
        }
        if (map.narrow() && valuePointer != 0) {
            return narrow(map, memory, op, key(map, memory, keyPointer, keyAddress), valuePointer, flags);
        }
        long valueAddress = valuePointer == 0 ? 0 : memory.address(valuePointer, map.valueBytes());
        long hostKey = key(map, memory, keyPointer, keyAddress);
        if (op == BpfCommand.MAP_UPDATE_ELEM) {
            int at = valueDescriptorOffset(map);
            if (at >= 0 && valueAddress != 0) {
                valueAddress = translated(map, memory, valuePointer, at);
            }
            return map.operate(op, hostKey, valueAddress, flags);
        }
        int result = map.operate(op, hostKey, valueAddress, flags);
        if (result == 0 && valueAddress != 0 && idValued(map)) {
            memory.i32(valuePointer, guestNumber(memory.i32(valuePointer)));
        }
        return result;
    }

    /** The kernel's numbers of 8 bytes, their lower halves for the guest. */
    private static int narrow(GuestMap map, GuestMemory memory, BpfCommand op, long key, int valuePointer, long flags) {
        int count = map.valueBytes() / 8;
        if (op == BpfCommand.MAP_UPDATE_ELEM) {
            return -Errno.EOPNOTSUPP;
        }
        memory.offset(valuePointer, 4L * count);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment wide = arena.allocate(8L * count, 8);
            int result = map.operate(op, key, wide.address(), flags);
            for (int i = 0; result == 0 && i < count; i++) {
                memory.i32(valuePointer + 4 * i, (int) wide.getAtIndex(ValueLayout.JAVA_LONG, i));
            }
            return result;
        }
    }

    /** The commands there are; those beyond 4 are no part of the original ABI, where they are -EINVAL. */
    private static BpfCommand command(int number) {
        return switch (number) {
            case 1 -> BpfCommand.MAP_LOOKUP_ELEM;
            case 2 -> BpfCommand.MAP_UPDATE_ELEM;
            case 3 -> BpfCommand.MAP_DELETE_ELEM;
            case 4 -> BpfCommand.MAP_GET_NEXT_KEY;
            case 21 -> BpfCommand.MAP_LOOKUP_AND_DELETE_ELEM;
            default -> null;
        };
    }

    /** Storage maps have a descriptor as key: a socket, file, process or cgroup. */
    private long key(GuestMap map, GuestMemory memory, int pointer, long address) {
        boolean descriptor = map.is(BpfMapType.SK_STORAGE) || map.is(BpfMapType.INODE_STORAGE)
                || map.is(BpfMapType.TASK_STORAGE) || map.is(BpfMapType.CGRP_STORAGE);
        if (!descriptor || address == 0) {
            return address;
        }
        key.set(ValueLayout.JAVA_INT, 0, hostFd(memory.i32(pointer)));
        return key.address();
    }

    /** Where in a value the kernel expects a descriptor, or -1. */
    private static int valueDescriptorOffset(GuestMap map) {
        if (map.fdValued() || map.is(BpfMapType.SOCKMAP) || map.is(BpfMapType.SOCKHASH) || map.is(BpfMapType.XSKMAP)
                || map.is(BpfMapType.REUSEPORT_SOCKARRAY)) {
            return 0;
        }
        // struct bpf_devmap_val and bpf_cpumap_val: u32 interface or queue size, then optionally a program.
        boolean optional = map.is(BpfMapType.DEVMAP) || map.is(BpfMapType.DEVMAP_HASH) || map.is(BpfMapType.CPUMAP);
        return optional && map.valueSize() == 8 ? 4 : -1;
    }

    private long translated(GuestMap map, GuestMemory memory, int pointer, int at) {
        int size = Math.min(16, map.valueBytes());
        for (int i = 0; i < size; i++) {
            value.set(ValueLayout.JAVA_BYTE, i, (byte) memory.u8(pointer + i));
        }
        int guestFd = memory.i32(pointer + at);
        if (at == 0 || guestFd > 0) {
            value.set(ValueLayout.JAVA_INT, at, hostFd(guestFd));
        }
        return value.address();
    }

    private int hostFd(int guestFd) {
        Descriptor descriptor = fds.get(guestFd);
        if (descriptor == null) {
            throw new wasmbpf.sys.SysException("map operation with descriptor " + guestFd + " in it", Errno.EBADF,
                    "the guest has no such descriptor");
        }
        return descriptor.hostFd();
    }

    /** Maps whose look-up gives the id of the map put in. */
    private static boolean idValued(GuestMap map) {
        return map.is(BpfMapType.ARRAY_OF_MAPS) || map.is(BpfMapType.HASH_OF_MAPS);
    }

    /** The guest's number of the map with that id; the id itself when the guest has no such map. */
    private int guestNumber(int id) {
        for (int fd = 0; fd < FdTable.MAX_DESCRIPTORS; fd++) {
            if (fds.get(fd) instanceof GuestMap map && map.id() == id) {
                return fd;
            }
        }
        return id;
    }
}
