package wasmbpf.sys.replay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SystemCall;

/**
 * Writes every call on its way to another kernel as a {@link SyscallTrace}. The trace is flushed after each call, so
 * that a crash leaves all that led to it.
 *
 * <p>Ring and perf buffers are handed on as copies that are renewed by {@link Kernel#refreshMapped} and when {@code
 * epoll_wait} returns: the loader sees just what the trace has. Wake-ups (writes to an eventfd) are not recorded, as
 * they come from other threads at any time.
 *
 * <p>May be used from several threads; calls are recorded in the order they end.
 */
public final class RecordingKernel implements Kernel {
    private final Kernel kernel;
    private final Writer out;
    /** The file's name for messages, or null. */
    private final String file;
    /** A write failed, which was said then. */
    private boolean broken;
    private final Payloads payloads;
    private final Handles handles = new Handles(Handles.Naming.SYMBOL);
    private final ReentrantLock lock = new ReentrantLock();
    private int number;
    /** Calls of {@link #refreshMapped} since the last block of the trace. */
    private int refreshes;

    private RecordingKernel(Kernel kernel, Writer out, Path file, Path dataDirectory, String command) {
        this.kernel = kernel;
        this.out = out;
        this.file = file == null ? null : file.toString();
        this.payloads = new Payloads.Kept(dataDirectory);
        append(SyscallTrace.FIRST_LINE + "\n" + header(kernel, command));
    }

    /**
     * Records into a file; large inputs go to {@code NAME.data/} beside it.
     * @param command what is run, for the header
     * @throws java.io.UncheckedIOException as later calls do, if the file cannot be written to (its cause names the file)
     */
    public static RecordingKernel to(Path file, Kernel kernel, String command) throws IOException {
        return new RecordingKernel(kernel, Files.newBufferedWriter(file, StandardCharsets.UTF_8), file,
                SyscallTrace.dataDirectory(file), command);
    }

    /** Records into a writer, which is closed with this; of large inputs only digests are kept. */
    public static RecordingKernel to(Writer out, Kernel kernel, String command) {
        return new RecordingKernel(kernel, out, null, null, command);
    }

    private static String header(Kernel kernel, String command) {
        StringBuilder header = new StringBuilder();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(390, 8);
            if (kernel.uname(name) == 0) {
                header.append("kernel:");
                for (int part : new int[] {0, 2, 4}) {
                    header.append(' ').append(new String(RawMemory.readText(name.address() + 65L * part, 65),
                            StandardCharsets.ISO_8859_1));
                }
                header.append('\n');
            }
        }
        header.append("java: ").append(System.getProperty("java.vm.version")).append('\n');
        // One line of ASCII, whatever the command is made of.
        header.append("command: ").append(command.replaceAll("[^ -~]", "?")).append('\n');
        return header.toString();
    }

    @Override
    public long call(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
        CallText text;
        Region mapping = null;
        lock.lock();
        try {
            if (call == SystemCall.WRITE && isWakeup((int) a)) {
                return kernel.call(call, attr, a, b, c, d, e, f);
            }
            text = CallText.of(handles, payloads, call, attr, a, b, c, d, e, f);
            for (Slot slot : text.slots()) {
                slot.remember();
            }
            if (call == SystemCall.MUNMAP || call == SystemCall.MPROTECT || call == SystemCall.MADVISE) {
                mapping = handles.region(a);
                a = mapping == null ? a : mapping.kernelAddress + (a - mapping.address);
            }
            if (call == SystemCall.EPOLL_PWAIT) {
                handles.regions().forEach(Region::push);
            }
            handles.noteEnd(call, a);
        } finally {
            lock.unlock();
        }
        // Without the lock: a wait may last, and another thread's calls must get through meanwhile.
        long result = kernel.call(call, attr, a, b, c, d, e, f);
        lock.lock();
        try {
            return record(text, mapping, call, attr, a, b, c, d, e, result);
        } finally {
            lock.unlock();
        }
    }

    private boolean isWakeup(int fd) {
        Handles.Descriptor to = handles.descriptor(fd);
        return to != null && to.origin == SystemCall.EVENTFD2;
    }

    private long record(CallText text, Region mapping, SystemCall call, StructValue attr, long a, long b, long c,
                        long d, long e, long result) {
        List<SyscallTrace.Output> outputs = new ArrayList<>();
        for (Slot slot : text.slots()) {
            String value = slot.kind == Slot.Kind.EPOLL
                    ? result > 0 ? EpollText.ready(handles, (int) a, slot.address, (int) result) : null
                    : slot.kind == Slot.Kind.DESCRIPTORS ? descriptors(slot, call, result)
                    : slot.changed(limit(call, result));
            if (value != null) {
                outputs.add(new SyscallTrace.Output(slot.name, value));
            }
        }
        String answer = answer(result);
        if (result >= 0) {
            int symbol = Handles.makesDescriptor(call, a, b) ? handles.freshSymbol() : 0;
            handles.note(call, attr, a, b, c, d, result, symbol);
            if (symbol != 0) {
                answer = "fd#" + symbol;
            }
            if (call == SystemCall.MMAP) {
                Region made = Region.recorded(handles.freshRegionSymbol(),
                        Region.kind(handles.descriptor((int) e), c, b), result, b);
                handles.add(made);
                made.pull(outputs);
                answer = "mem#" + made.symbol;
                result = made.address;
            } else if (call == SystemCall.MUNMAP && mapping != null) {
                handles.remove(mapping);
                mapping.close();
            } else if (call == SystemCall.EPOLL_PWAIT) {
                for (Region region : handles.regions()) {
                    region.push();
                    region.pull(outputs);
                }
            }
        }
        appendBlock(text.text(), answer, outputs);
        return result;
    }

    private void appendBlock(String request, String answer, List<SyscallTrace.Output> outputs) {
        append(SyscallTrace.text(++number, request, answer, outputs));
        refreshes = 0;
    }

    /** Recorded only if something changed; the result then says which refresh since the block before it was. */
    @Override
    public void refreshMapped() {
        lock.lock();
        try {
            refreshes++;
            List<SyscallTrace.Output> outputs = new ArrayList<>();
            for (Region region : handles.regions()) {
                region.push();
                region.pull(outputs);
            }
            if (!outputs.isEmpty()) {
                appendBlock(SyscallTrace.REFRESH, Integer.toString(refreshes), outputs);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Bytes of an out buffer that count: as many as the result says, where it says so. */
    private static long limit(SystemCall call, long result) {
        return Signature.of(call).result().equals("bytes") ? Math.max(result, 0) : Long.MAX_VALUE;
    }

    private String descriptors(Slot slot, SystemCall call, long result) {
        if (result < 0) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < slot.sizeBytes / 4; i++) {
            int symbol = handles.freshSymbol();
            handles.note(SystemCall.DUP, null, -1, 0, 0, 0, RawMemory.readInt(slot.address + 4L * i), symbol);
            text.append(i == 0 ? "" : " ").append("fd#").append(symbol);
        }
        return text.toString();
    }

    private static String answer(long result) {
        if (result >= 0 || result < -4095) {
            return Long.toString(result);
        }
        String name = Errno.name((int) -result);
        return name.startsWith("E") ? "-" + name : Long.toString(result);
    }

    private void append(String text) {
        try {
            out.write(text);
            out.flush();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private UncheckedIOException broken(IOException e) {
        broken = true;
        return unwritten(file, e);
    }

    /** With a cause that names the file, which an error of write(2) does not. {@code file} may be null: no file. */
    static UncheckedIOException unwritten(String file, IOException e) {
        if (file == null || e instanceof FileSystemException) {
            return new UncheckedIOException(e);
        }
        FileSystemException named = new FileSystemException(file, null, e.getMessage());
        named.initCause(e);
        return new UncheckedIOException(named);
    }

    /** Ends the trace and closes the kernel behind. */
    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            if (!broken) {
                throw broken(e);
            }
        } finally {
            kernel.close();
        }
    }
}
