package wasmbpf.host.abi;

import wasmbpf.host.load.LoadedMap;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.host.wasi.Descriptor;
import wasmbpf.sys.BpfAttrs.ObjInfo;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.InfoStructs.MapInfo;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;

/** A guest's descriptor of a map, and what must be known of the map to bound the memory an operation touches. */
abstract class GuestMap extends Descriptor {
    private final Kernel kernel;
    private int id;

    GuestMap(Kernel kernel, int hostFd, boolean owned) {
        super(hostFd, owned);
        this.kernel = kernel;
    }

    abstract int type();

    abstract int keySize();

    abstract int valueSize();

    /** Bytes the kernel reads and writes for a value. */
    abstract int valueBytes();

    /** Whether the guest has the value's numbers, of 8 bytes, in 4: {@link GuestObject#narrow}. */
    boolean narrow() {
        return false;
    }

    /** An unsigned 32-bit number. */
    abstract int maxEntries();

    abstract String name();

    final boolean is(BpfMapType kind) {
        return type() == kind.number();
    }

    final boolean fdValued() {
        return LoadedMap.fdValued(type());
    }

    final Kernel kernel() {
        return kernel;
    }

    /** As {@link LoadedMap#operate}. */
    final int operate(BpfCommand command, long key, long value, long elementFlags) {
        return LoadedMap.operate(kernel, hostFd(), keySize(), valueBytes(), command, key, value, elementFlags);
    }

    /** The kernel's id of the map, as look-ups in maps of maps give it; asked for once. */
    final int id() {
        if (id == 0) {
            try (StructValue info = info(kernel, hostFd())) {
                id = info.getInt(MapInfo.ID);
            }
        }
        return id;
    }

    /** What the kernel says of a map; to be closed. */
    static StructValue info(Kernel kernel, int hostFd) {
        StructValue info = MapInfo.STRUCT.allocate();
        try (StructValue attr = ObjInfo.STRUCT.allocate()) {
            attr.set(ObjInfo.BPF_FD, hostFd).set(ObjInfo.INFO_LEN, info.sizeBytes()).point(ObjInfo.INFO, info);
            SysException.check("ask about a map", kernel.bpf(BpfCommand.OBJ_GET_INFO_BY_FD, attr));
            return info;
        } catch (RuntimeException e) {
            info.close();
            throw e;
        }
    }

    /** A map of an object the guest loaded: one descriptor for each map, however often it asks. Stays the object's. */
    static final class OfObject extends GuestMap {
        private final GuestObject object;
        private final LoadedMap map;

        OfObject(GuestObject object, LoadedMap map) {
            super(object.object().loaded().kernel(), map.fd(), false);
            this.object = object;
            this.map = map;
        }

        GuestObject object() {
            return object;
        }

        LoadedMap map() {
            return map;
        }

        @Override
        boolean narrow() {
            return object.narrow(map.spec());
        }

        @Override
        int type() {
            return map.type();
        }

        @Override
        int keySize() {
            return map.keySize();
        }

        @Override
        int valueSize() {
            return map.valueSize();
        }

        @Override
        int valueBytes() {
            return map.valueBytes();
        }

        @Override
        int maxEntries() {
            return map.maxEntries();
        }

        @Override
        String name() {
            return map.name();
        }
    }

    /** A map the guest made or got by path or id; closed with the guest's number. */
    static final class Opened extends GuestMap {
        private final int type;
        private final int keySize;
        private final int valueSize;
        private final int valueBytes;
        private final int maxEntries;
        private final String name;

        private Opened(Kernel kernel, int hostFd, StructValue info) {
            super(kernel, hostFd, true);
            type = info.getInt(MapInfo.TYPE);
            keySize = info.getInt(MapInfo.KEY_SIZE);
            valueSize = info.getInt(MapInfo.VALUE_SIZE);
            valueBytes = LoadedMap.valueBytes(RunningKernel.of(kernel), type, valueSize);
            maxEntries = info.getInt(MapInfo.MAX_ENTRIES);
            name = info.getString(MapInfo.NAME);
        }

        /** @throws SysException if it is no map */
        static Opened of(Kernel kernel, int hostFd) {
            try (StructValue info = info(kernel, hostFd)) {
                return new Opened(kernel, hostFd, info);
            }
        }

        @Override
        int type() {
            return type;
        }

        @Override
        int keySize() {
            return keySize;
        }

        @Override
        int valueSize() {
            return valueSize;
        }

        @Override
        int valueBytes() {
            return valueBytes;
        }

        @Override
        int maxEntries() {
            return maxEntries;
        }

        @Override
        String name() {
            return name;
        }
    }
}
