package wasmbpf.host.abi;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import wasmbpf.host.wasi.GuestMemory;

/**
 * Why things failed: lines on standard error, or, for a guest that called {@code libbpf_set_print}, kept until it takes
 * them after the call.
 */
final class GuestMessages {
    private static final int STANDARD_ERROR = 0;
    private static final int COLLECT = 1;
    private static final int NEXT = 2;
    /** A guest that never asks keeps no more than this. */
    private static final int MOST = 256;

    private final Messages messages;
    private final Deque<byte[]> kept = new ArrayDeque<>();
    private boolean collecting;

    GuestMessages(Messages messages) {
        this.messages = messages;
    }

    void warn(String line) {
        if (collecting) {
            keep(line);
        } else {
            messages.warn(line);
        }
    }

    /** The loader's remarks: to whoever hears them now, or to the guest that collects. */
    Consumer<String> warnings(Consumer<String> otherwise) {
        return line -> {
            if (collecting) {
                keep(line);
            } else {
                otherwise.accept(line);
            }
        };
    }

    private void keep(String line) {
        if (kept.size() < MOST) {
            kept.add(line.getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * {@code wasm_bpf_message}.
     *
     * @return for NEXT the length of the oldest line, which it copies cut to {@code size} with a NUL; 0 if there is none
     */
    int call(GuestMemory memory, int operation, int text, int size) {
        switch (operation) {
            case STANDARD_ERROR, COLLECT -> {
                collecting = operation == COLLECT;
                kept.clear();
                return 0;
            }
            case NEXT -> {
                memory.offset(text, Integer.toUnsignedLong(size));
                byte[] line = kept.peek();
                if (line == null || size <= 0) {
                    return 0;
                }
                kept.remove();
                int copied = Math.min(line.length, size - 1);
                memory.bytes(text, line, copied);
                memory.u8(text + copied, 0);
                return line.length;
            }
            default -> {
                return -wasmbpf.sys.Errno.EINVAL;
            }
        }
    }
}
