package wasmbpf.sys.replay;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SystemCall;

/**
 * Answers calls from a {@link SyscallTrace}, strictly and in order, without a kernel, privileges or native code. A call
 * that is not the next one of the trace ends in a {@link ReplayMismatch} that shows both. Mappings are memory of this
 * object that changes where the trace says so, so code that drains a ring buffer runs unchanged.
 *
 * <p>Call {@link #assertFinished} at the end: a loader that stops early has made no wrong call.
 */
public final class ReplayKernel implements Kernel {
    /** More than any buffer; a trace that asks for more is damaged. */
    private static final long MOST_MAPPED = 1L << 30;

    private final SyscallTrace trace;
    private final Handles handles = new Handles(Handles.Naming.SYMBOL);
    private final Payloads.Compared payloads;
    private final Set<Region> mapped = new HashSet<>();
    private int next;
    /** Calls of {@link #refreshMapped} since the last block of the trace. */
    private int refreshes;

    public ReplayKernel(SyscallTrace trace) {
        this(trace, null);
    }

    private ReplayKernel(SyscallTrace trace, Path dataDirectory) {
        this.trace = trace;
        this.payloads = new Payloads.Compared(dataDirectory);
    }

    /** @throws TraceException if the file is no trace */
    public static ReplayKernel of(Path file) throws IOException {
        return new ReplayKernel(SyscallTrace.read(file), SyscallTrace.dataDirectory(file));
    }

    /** How many calls of the trace were not made yet. */
    public int remaining() {
        return trace.calls().size() - next;
    }

    /** @throws ReplayMismatch if the trace has calls that were not made */
    public void assertFinished() {
        if (remaining() > 0) {
            SyscallTrace.Call call = trace.calls().get(next);
            throw new ReplayMismatch("call " + call.number() + ": trace has " + call.request()
                    + ", loader made no further call (" + remaining() + " calls remain)");
        }
    }

    @Override
    public synchronized long call(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
        if (call == SystemCall.WRITE && isWakeup((int) a)) {
            return c;
        }
        payloads.begin();
        CallText text = CallText.of(handles, payloads, call, attr, a, b, c, d, e, f);
        if (next == trace.calls().size()) {
            throw new ReplayMismatch("call " + (next + 1) + ": trace ends after " + next + " calls, loader made "
                    + text.text());
        }
        SyscallTrace.Call recorded = trace.calls().get(next);
        if (!recorded.request().equals(text.text())) {
            throw new ReplayMismatch(difference(recorded, text.text()));
        }
        next++;
        refreshes = 0;
        handles.noteEnd(call, a);
        return answer(recorded, text, call, attr, a, b, c, d, e);
    }

    /** Changes mapped memory if the trace has a change at this very look at it. */
    @Override
    public synchronized void refreshMapped() {
        refreshes++;
        if (next < trace.calls().size()) {
            SyscallTrace.Call recorded = trace.calls().get(next);
            if (recorded.request().equals(SyscallTrace.REFRESH)
                    && recorded.result().equals(Integer.toString(refreshes))) {
                next++;
                refreshes = 0;
                for (SyscallTrace.Output output : recorded.outputs()) {
                    if (!output.name().startsWith("mem#")) {
                        throw new TraceException("line " + recorded.line() + ": no place in a mapping: "
                                + output.name());
                    }
                    writeMapped(output, "line " + recorded.line());
                }
            }
        }
    }

    private String difference(SyscallTrace.Call recorded, String made) {
        String had = recorded.request();
        int same = 0;
        while (same < had.length() && same < made.length() && had.charAt(same) == made.charAt(same)) {
            same++;
        }
        String message = "call " + recorded.number() + ": trace has " + had + ", loader made " + made;
        if (message.length() < 200) {
            return message;
        }
        String theirs = wordAt(had, same);
        String ours = wordAt(made, same);
        String bytes = payloads.difference(theirs.substring(theirs.indexOf('=') + 1),
                ours.substring(ours.indexOf('=') + 1));
        return message + " (first difference: " + theirs + " and " + ours + (bytes.isEmpty() ? "" : ": " + bytes) + ")";
    }

    /** The argument or field that the character at {@code at} belongs to. */
    private static String wordAt(String text, int at) {
        int from = Math.max(0, text.lastIndexOf(' ', Math.max(0, at - 1)) + 1);
        int end = from;
        while (end < text.length() && text.charAt(end) != ',' && text.charAt(end) != ' ' && text.charAt(end) != ')'
                && end - from < 200) {
            end++;
        }
        return text.substring(from, end);
    }

    private boolean isWakeup(int fd) {
        Handles.Descriptor to = handles.descriptor(fd);
        return to != null && to.origin == SystemCall.EVENTFD2;
    }

    private long answer(SyscallTrace.Call recorded, CallText text, SystemCall call, StructValue attr, long a, long b,
                        long c, long d, long e) {
        String where = "line " + recorded.line();
        long result = result(recorded, call, a, b, c, e, where);
        for (SyscallTrace.Output output : recorded.outputs()) {
            if (output.name().startsWith("mem#")) {
                writeMapped(output, where);
            } else {
                write(slot(text, output, where), output, (int) a, result, where);
            }
        }
        int symbol = recorded.result().startsWith("fd#") ? (int) result : 0;
        handles.note(call, attr, a, b, c, d, result, symbol);
        if (call == SystemCall.MUNMAP && result >= 0) {
            unmap(a);
        }
        return result;
    }

    private long result(SyscallTrace.Call recorded, SystemCall call, long a, long b, long c, long e, String where) {
        String text = recorded.result();
        if (text.startsWith("fd#")) {
            if (!Handles.makesDescriptor(call, a, b)) {
                throw new TraceException(where + ": " + call.kernelName() + " makes no descriptor");
            }
            return Integer.parseInt(text.substring(3));
        }
        if (text.startsWith("mem#")) {
            if (call != SystemCall.MMAP || b <= 0 || b > MOST_MAPPED) {
                throw new TraceException(where + ": no mapping of " + b + " bytes can be replayed");
            }
            Region made = Region.replayed(Integer.parseInt(text.substring(4)),
                    Region.kind(handles.descriptor((int) e), c, b), b);
            handles.add(made);
            mapped.add(made);
            return made.address;
        }
        return text.startsWith("-E") ? -Errno.number(text.substring(1)) : Long.parseLong(text);
    }

    private static Slot slot(CallText text, SyscallTrace.Output output, String where) {
        for (Slot slot : text.slots()) {
            if (slot.name.equals(output.name())) {
                return slot;
            }
        }
        throw new TraceException(where + ": the call has no place for " + output.name());
    }

    private void write(Slot slot, SyscallTrace.Output output, int epollFd, long result, String where) {
        switch (slot.kind) {
            case NUMBER, TEXT, BYTES -> slot.write(output.value(), where + " " + output.name());
            case EPOLL -> {
                int written = EpollText.write(handles, epollFd, slot.address, (int) slot.sizeBytes, output.value(),
                        where);
                if (written != result) {
                    throw new TraceException(where + ": " + written + " events, but the result is " + result);
                }
            }
            case DESCRIPTORS -> {
                String[] words = output.value().split(" ");
                for (int i = 0; i < words.length && i < slot.sizeBytes / 4; i++) {
                    int symbol = symbol(words[i], where);
                    handles.note(SystemCall.DUP, null, -1, 0, 0, 0, symbol, symbol);
                    byte[] bytes = {(byte) symbol, (byte) (symbol >> 8), (byte) (symbol >> 16), (byte) (symbol >> 24)};
                    RawMemory.write(slot.address + 4L * i, bytes);
                }
            }
        }
    }

    private static int symbol(String word, String where) {
        try {
            return Integer.parseInt(word.startsWith("fd#") ? word.substring(3) : "");
        } catch (NumberFormatException e) {
            throw new TraceException(where + ": no descriptor: " + word, e);
        }
    }

    private void writeMapped(SyscallTrace.Output output, String where) {
        int plus = output.name().indexOf('+');
        try {
            int symbol = Integer.parseInt(output.name().substring(4, Math.max(plus, 4)));
            long offset = Long.parseLong(output.name().substring(plus + 1));
            for (Region region : handles.regions()) {
                if (region.symbol == symbol && offset >= 0 && offset < region.sizeBytes) {
                    region.apply(offset, DataText.parse(output.value(), region.roomAt(offset), where));
                    return;
                }
            }
        } catch (NumberFormatException e) {
            throw new TraceException(where + ": no place in a mapping: " + output.name(), e);
        }
        throw new TraceException(where + ": no such mapping: " + output.name());
    }

    private void unmap(long address) {
        Region region = handles.region(address);
        if (region != null) {
            handles.remove(region);
            mapped.remove(region);
            region.close();
        }
    }

    /** Returns the memory of what is still mapped. Does not look at what remains: {@link #assertFinished} does. */
    @Override
    public synchronized void close() {
        for (Region region : mapped) {
            handles.remove(region);
            region.close();
        }
        mapped.clear();
    }
}
