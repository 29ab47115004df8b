package wasmbpf.host.abi;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import wasmbpf.host.BpfMap;
import wasmbpf.host.BpfObject;
import wasmbpf.host.BpfProgram;
import wasmbpf.host.load.LoadOptions;
import wasmbpf.host.load.LoadedMap;
import wasmbpf.host.load.LoadedProgram;
import wasmbpf.host.object.MapSpec;
import wasmbpf.host.wasi.Descriptor;
import wasmbpf.host.wasi.FdTable;

/**
 * An object as its guest has it: the object, the descriptors given out for its maps and programs, the buffers being
 * polled, the maps seen in the guest's memory.
 */
final class GuestObject {
    private final BpfObject object;
    private final FdTable fds;
    private final List<Descriptor> descriptors = new ArrayList<>();
    private final List<GuestBuffer> buffers = new ArrayList<>();
    private final List<MemoryWindow> windows = new ArrayList<>();
    private final Map<String, LogPlace> logs = new HashMap<>();
    private final Set<MapSpec> narrow = new HashSet<>();
    private LoadOptions loading = LoadOptions.DEFAULT;
    private boolean failed;
    private int polls;
    private boolean closeAfterPolls;

    GuestObject(BpfObject object, FdTable fds) {
        this.object = object;
        this.fds = fds;
    }

    BpfObject object() {
        return object;
    }

    /** How it is loaded. */
    LoadOptions loading() {
        return loading;
    }

    void loading(LoadOptions options) {
        loading = options;
    }

    /** Where in the guest's memory the verifier's log of a program goes. */
    record LogPlace(int address, int size) {
    }

    /** By the program's name. */
    Map<String, LogPlace> logs() {
        return logs;
    }

    /** Has a program's log put there; with no bytes, where the object's go. */
    void log(String program, int address, int size) {
        if (size == 0) {
            logs.remove(program);
        } else {
            logs.put(program, new LogPlace(address, size));
        }
    }

    /**
     * Stack traces whose entries the guest has as {@code unsigned long}, of 4 bytes there: it gets the lower halves of
     * the kernel's addresses. {@code map_value_size % 8 == 4} says so, which no kernel takes.
     */
    boolean narrow(MapSpec map) {
        return narrow.contains(map);
    }

    void narrow(MapSpec map, boolean value) {
        if (value) {
            narrow.add(map);
        } else {
            narrow.remove(map);
        }
    }

    /** Whether a load failed: there is no second try, as in libbpf. */
    boolean failed() {
        return failed;
    }

    void fail() {
        failed = true;
    }

    List<GuestBuffer> buffers() {
        return buffers;
    }

    /** The guest's descriptor of the map, the same one each time; -1 when the guest has too many open. */
    int descriptor(BpfMap map) {
        LoadedMap loaded = map.loaded();
        for (Descriptor known : descriptors) {
            if (known instanceof GuestMap.OfObject each && each.map() == loaded) {
                return number(known);
            }
        }
        return number(keep(new GuestMap.OfObject(this, loaded)));
    }

    /** The guest's descriptor of the program, as {@link #descriptor(BpfMap)}. */
    int descriptor(BpfProgram program) {
        LoadedProgram loaded = program.loaded();
        for (Descriptor known : descriptors) {
            if (known instanceof GuestProgram each && each.program() == loaded) {
                return number(known);
            }
        }
        return number(keep(new GuestProgram(this, loaded)));
    }

    /** Has a descriptor of something that closes with the object taken from the guest then. */
    Descriptor keep(Descriptor descriptor) {
        descriptors.add(descriptor);
        return descriptor;
    }

    /** Its number; a new one if the guest closed the last. */
    private int number(Descriptor descriptor) {
        int fd = fds.numberOf(descriptor);
        return fd >= 0 ? fd : fds.addAboveStreams(descriptor);
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

    /** Has a map's memory taken out of the guest's when the object closes. */
    void keep(MemoryWindow window) {
        windows.add(window);
    }

    /** Takes a map's memory out of the guest's. @return whether it was there */
    boolean closeWindow(long address) {
        for (MemoryWindow window : windows) {
            if (window.address() == address) {
                windows.remove(window);
                window.close();
                return true;
            }
        }
        return false;
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
        for (Descriptor descriptor : descriptors) {
            fds.remove(descriptor);
        }
        for (MemoryWindow window : windows) {
            window.close();
        }
        windows.clear();
        if (polls > 0) {
            closeAfterPolls = true;
        } else {
            object.close();
        }
    }
}
