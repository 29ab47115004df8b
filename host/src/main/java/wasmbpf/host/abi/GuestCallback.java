package wasmbpf.host.abi;

import wasmbpf.host.buffer.EventHandler;
import wasmbpf.host.wasi.GuestMemory;
import wasmbpf.wasm.WasmFunction;

/**
 * Hands events to a guest: each is copied to the guest's one buffer and its callback called with (context, buffer, size)
 * on the stack of the poll. What the callback throws (exit, trap) unwinds through the poll; the event counts as consumed.
 * Made for one poll; nothing is allocated for an event.
 */
final class GuestCallback implements EventHandler {
    /** Stops the poll without being an error: the guest closed the object in the callback. */
    static final int CLOSED = Integer.MIN_VALUE;

    private final GuestObject object;
    private final GuestBuffer buffer;
    private final GuestMemory memory;
    private final WasmFunction callback;
    private final int context;
    private final int data;
    private final int maxSize;
    private final Messages messages;
    private int delivered;

    GuestCallback(GuestObject object, GuestBuffer buffer, GuestMemory memory, WasmFunction callback, int context, int data,
            int maxSize, Messages messages) {
        this.object = object;
        this.buffer = buffer;
        this.memory = memory;
        this.callback = callback;
        this.context = context;
        this.data = data;
        this.maxSize = maxSize;
        this.messages = messages;
    }

    int delivered() {
        return delivered;
    }

    @Override
    public int onEvent(long address, int size) {
        int copied = size;
        if (size > maxSize) {
            copied = maxSize;
            if (buffer.reportsTruncation()) {
                messages.warn("map \"" + buffer.map().name() + "\": an event of " + size + " bytes is cut to the "
                        + maxSize + " the guest's buffer holds (reported once)");
            }
        }
        memory.write(data, address, copied);
        delivered++;
        int result = callback.callI32(context, data, copied);
        return object.closing() ? CLOSED : result;
    }
}
