package wasmbpf.host.wasi;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code args_*} and {@code environ_*}: two lists of strings with the same shape in guest memory. */
final class Arguments {
    private final byte[][] arguments;
    private final byte[][] environment;

    /** @param environment {@code NAME=VALUE} each */
    Arguments(List<String> arguments, List<String> environment) {
        this.arguments = cStrings(arguments);
        this.environment = cStrings(environment);
    }

    int call(WasiFunction function, GuestMemory memory, long[] args) {
        byte[][] list = function == WasiFunction.ARGS_GET || function == WasiFunction.ARGS_SIZES_GET
                ? arguments : environment;
        if (function == WasiFunction.ARGS_GET || function == WasiFunction.ENVIRON_GET) {
            return write(list, memory, (int) args[0], (int) args[1]);
        }
        memory.i32((int) args[0], list.length);
        memory.i32((int) args[1], size(list));
        return WasiErrno.SUCCESS;
    }

    /** A vector of pointers at {@code vector}, the strings one after the other at {@code buffer}. */
    private static int write(byte[][] list, GuestMemory memory, int vector, int buffer) {
        memory.offset(vector, 4L * list.length);
        memory.offset(buffer, size(list));
        int at = buffer;
        for (int i = 0; i < list.length; i++) {
            memory.i32(vector + 4 * i, at);
            memory.bytes(at, list[i], list[i].length);
            at += list[i].length;
        }
        return WasiErrno.SUCCESS;
    }

    private static int size(byte[][] list) {
        int size = 0;
        for (byte[] s : list) {
            size += s.length;
        }
        return size;
    }

    /** With the terminating NUL; a NUL inside would end the string early for the guest, as it would on exec. */
    private static byte[][] cStrings(List<String> list) {
        byte[][] out = new byte[list.size()][];
        for (int i = 0; i < out.length; i++) {
            byte[] text = list.get(i).getBytes(StandardCharsets.UTF_8);
            out[i] = java.util.Arrays.copyOf(text, text.length + 1);
        }
        return out;
    }
}
