package wasmbpf.host.abi;

import wasmbpf.host.buffer.EventHandler;
import wasmbpf.host.buffer.PerfBuffer;
import wasmbpf.host.wasi.GuestMemory;
import wasmbpf.wasm.WasmFunction;

/**
 * Hands the events of one buffer of a set to its callback: each is copied to the guest's room for it, of which the guest
 * is asked for more when an event is larger. A perf buffer's events come with a word beside them, and so do those that
 * were lost, without data:
 *
 * <pre> 0 s32 CPU   4 u32 whether this tells of lost events   8 u64 how many </pre>
 *
 * <p>Nothing is allocated for an event.
 */
final class SetCallback implements EventHandler {
    static final int TOLD = 16;

    private final String name;
    private final PerfBuffer perf;
    private final GuestMemory memory;
    private final WasmFunction callback;
    private final WasmFunction grow;
    private final int context;
    private final int told;
    private final GuestMessages messages;
    private int data;
    private int room;
    private boolean truncationReported;
    private boolean closed;

    SetCallback(String name, PerfBuffer perf, GuestMemory memory, WasmFunction callback, WasmFunction grow, int context,
            int data, int room, int told, GuestMessages messages) {
        this.name = name;
        this.perf = perf;
        this.memory = memory;
        this.callback = callback;
        this.grow = grow;
        this.context = context;
        this.data = data;
        this.room = room;
        this.told = told;
        this.messages = messages;
    }

    void close() {
        closed = true;
    }

    @Override
    public int onEvent(long address, int size) {
        int copied = size;
        if (Integer.compareUnsigned(size, room) > 0) {
            copied = enlarge(size);
        }
        if (closed) {
            return GuestCallback.CLOSED;
        }
        memory.write(data, address, copied);
        if (told != 0) {
            memory.i32(told, perf == null ? 0 : perf.cpu());
            memory.i32(told + 4, 0);
        }
        int result = callback.callI32(context, data, copied);
        return closed ? GuestCallback.CLOSED : result;
    }

    /** Asks the guest for room. @return how much of the event fits */
    private int enlarge(int size) {
        int pointer = grow.callI32(context, data, size);
        if (pointer != 0) {
            memory.offset(pointer, size);
            data = pointer;
            room = size;
            return size;
        }
        if (!truncationReported) {
            truncationReported = true;
            messages.warn("map \"" + name + "\": an event of " + size + " bytes is cut to " + room
                    + ": the guest has no memory for more (reported once)");
        }
        return room;
    }

    @Override
    public void onLost(int cpu, long count) {
        if (told == 0 || closed) {
            return;
        }
        memory.i32(told, cpu);
        memory.i32(told + 4, 1);
        memory.i64(told + 8, count);
        callback.callI32(context, 0, 0);
    }
}
