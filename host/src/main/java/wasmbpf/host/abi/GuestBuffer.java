package wasmbpf.host.abi;

import wasmbpf.host.buffer.EventBuffer;
import wasmbpf.host.buffer.Poller;
import wasmbpf.host.load.LoadedMap;

/** The buffer behind one map a guest polls, and how to wait for it. Made by the first poll, closed with the object. */
final class GuestBuffer {
    private final LoadedMap map;
    private final EventBuffer events;
    private final Poller poller;
    private boolean truncationReported;

    GuestBuffer(LoadedMap map, EventBuffer events, Poller poller) {
        this.map = map;
        this.events = events;
        this.poller = poller;
    }

    LoadedMap map() {
        return map;
    }

    EventBuffer events() {
        return events;
    }

    Poller poller() {
        return poller;
    }

    /** True once. */
    boolean reportsTruncation() {
        boolean first = !truncationReported;
        truncationReported = true;
        return first;
    }
}
