package wasmbpf.host.abi;

import wasmbpf.host.load.LoadedMap;
import wasmbpf.host.wasi.Descriptor;
import wasmbpf.sys.BpfAttrs.ObjInfo;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.InfoStructs.MapInfo;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;

/** A guest's descriptor of a map: one for each map, however often the guest asks. The kernel's stays the object's. */
final class MapDescriptor extends Descriptor {
    private final GuestObject object;
    private final LoadedMap map;
    private int guestFd = -1;
    private int id;

    MapDescriptor(GuestObject object, LoadedMap map) {
        super(map.fd());
        this.object = object;
        this.map = map;
    }

    GuestObject object() {
        return object;
    }

    LoadedMap map() {
        return map;
    }

    /** The kernel's id of the map, as look-ups in maps of maps give it; asked for once. */
    int id() {
        if (id == 0) {
            try (StructValue info = MapInfo.STRUCT.allocate(); StructValue attr = ObjInfo.STRUCT.allocate()) {
                attr.set(ObjInfo.BPF_FD, map.fd()).set(ObjInfo.INFO_LEN, info.sizeBytes()).point(ObjInfo.INFO, info);
                Kernel kernel = object.object().loaded().kernel();
                SysException.check("ask for the id of " + map, kernel.bpf(BpfCommand.OBJ_GET_INFO_BY_FD, attr));
                id = info.getInt(MapInfo.ID);
            }
        }
        return id;
    }

    /** The number the guest has it by, -1 before it asked. */
    int guestFd() {
        return guestFd;
    }

    void guestFd(int fd) {
        guestFd = fd;
    }
}
