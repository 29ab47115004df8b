package wasmbpf.host.abi;

import wasmbpf.host.load.LoadedMap;
import wasmbpf.host.wasi.Descriptor;

/** A guest's descriptor of a map: one for each map, however often the guest asks. The kernel's stays the object's. */
final class MapDescriptor extends Descriptor {
    private final GuestObject object;
    private final LoadedMap map;
    private int guestFd = -1;

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

    /** The number the guest has it by, -1 before it asked. */
    int guestFd() {
        return guestFd;
    }

    void guestFd(int fd) {
        guestFd = fd;
    }
}
