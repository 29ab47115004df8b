package wasmbpf.host.abi;

import java.util.ArrayList;
import java.util.List;
import wasmbpf.host.BpfMap;
import wasmbpf.host.BpfObject;
import wasmbpf.host.load.LoadedMap;
import wasmbpf.host.wasi.FdTable;

/** A loaded object as its guest has it: the object, the descriptors given out for its maps, the buffers being polled. */
final class GuestObject {
    private final BpfObject object;
    private final FdTable fds;
    private final List<MapDescriptor> descriptors = new ArrayList<>();
    private final List<GuestBuffer> buffers = new ArrayList<>();
    private int polls;
    private boolean closeAfterPolls;

    GuestObject(BpfObject object, FdTable fds) {
        this.object = object;
        this.fds = fds;
    }

    BpfObject object() {
        return object;
    }

    List<GuestBuffer> buffers() {
        return buffers;
    }

    /** The guest's descriptor of the map, the same one each time; -1 when the guest has too many open. */
    int descriptor(BpfMap map) {
        LoadedMap loaded = map.loaded();
        MapDescriptor descriptor = null;
        for (MapDescriptor known : descriptors) {
            if (known.map() == loaded) {
                descriptor = known;
            }
        }
        if (descriptor == null) {
            descriptor = new MapDescriptor(this, loaded);
            descriptors.add(descriptor);
        }
        if (fds.get(descriptor.guestFd()) != descriptor) {
            descriptor.guestFd(fds.addAboveStreams(descriptor));
        }
        return descriptor.guestFd();
    }

    /** The buffer that reads the map, or null before its first poll. */
    GuestBuffer buffer(LoadedMap map) {
        for (GuestBuffer buffer : buffers) {
            if (buffer.map() == map) {
                return buffer;
            }
        }
        return null;
    }

    void beginPoll() {
        polls++;
    }

    /** After the last poll the object closes if the guest closed it in a callback meanwhile. */
    void endPoll() {
        if (--polls == 0 && closeAfterPolls) {
            object.close();
        }
    }

    boolean closing() {
        return closeAfterPolls;
    }

    /**
     * Takes the guest's descriptors and detaches and closes everything; in a callback of one of its own buffers, whose
     * memory is still being read, when the poll is over.
     */
    void close() {
        for (MapDescriptor descriptor : descriptors) {
            fds.remove(descriptor);
        }
        if (polls > 0) {
            closeAfterPolls = true;
        } else {
            object.close();
        }
    }
}
