package wasmbpf.wasm;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at regular times which guest and host functions run in the instances made with it ({@link
 * InstanceOptions#withProfiler}), on a thread of its own, and adds up the CPU time between looks. Functions mark themselves when they are called, in both
 * tiers, so the guest is never stopped; without a profiler nothing of this is there.
 *
 * {@snippet :
 * try (Profiler profiler = Profiler.start(Duration.ofMillis(1))) {
 *     Instance instance = Instance.instantiate(module, imports, InstanceOptions.DEFAULT.withProfiler(profiler));
 *     instance.exportedFunction("run").invoke();
 *     profiler.writeFolded(out);
 * }
 * }
 */
public final class Profiler implements AutoCloseable, Runnable {
    /** Of deeper stacks the middle is left out. */
    private static final int OUTER_CALLS = 400;
    private static final int INNER_CALLS = 100;

    /** A function called by a certain chain of others; of the root and of calls left out there is none. */
    private static final class Node {
        final WasmFunction function;
        final Map<WasmFunction, Node> callees = new IdentityHashMap<>(4);
        long runningNanos;
        long waitingNanos;

        Node(WasmFunction function) {
            this.function = function;
        }

        Node callee(WasmFunction callee) {
            return callees.computeIfAbsent(callee, Node::new);
        }
    }

    /** A stack to look at, and the CPU time its thread had used at the last look. */
    private static final class Watched {
        final GuestStack stack;
        Thread thread;
        long cpuNanos;

        Watched(GuestStack stack) {
            this.stack = stack;
        }
    }

    private final long periodNanos;
    private final List<Watched> stacks = new ArrayList<>();
    private final Node root = new Node(null);
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final WasmFunction[] calls = new WasmFunction[OUTER_CALLS + INNER_CALLS + 1];
    private final Thread sampler;
    private volatile boolean closed;

    private Profiler(long periodNanos) {
        this.periodNanos = periodNanos;
        sampler = new Thread(this, "wasm-profiler");
        sampler.setDaemon(true);
    }

    /** Starts looking, every {@code period}; 1 ms is cheap. */
    public static Profiler start(Duration period) {
        if (period.isNegative() || period.isZero()) {
            throw new IllegalArgumentException("a period of " + period);
        }
        Profiler profiler = new Profiler(period.toNanos());
        profiler.sampler.start();
        return profiler;
    }

    /** Also watches calls on this stack, from now on. */
    void watch(GuestStack stack) {
        synchronized (stacks) {
            stacks.add(new Watched(stack));
        }
    }

    /** The stack's instance is closed. */
    void forget(GuestStack stack) {
        synchronized (stacks) {
            stacks.removeIf(watched -> watched.stack == stack);
        }
    }

    @Override
    public void run() {
        long last = System.nanoTime();
        while (!closed) {
            LockSupport.parkNanos(this, periodNanos);
            long now = System.nanoTime();
            synchronized (stacks) {
                for (Watched watched : stacks) {
                    look(watched, now - last);
                }
            }
            last = now;
        }
    }

    private void look(Watched watched, long elapsedNanos) {
        Thread owner = watched.stack.owner();
        Thread thread = owner == null ? watched.thread : owner;
        if (thread == null) {
            return;
        }
        long cpu = threads.isThreadCpuTimeSupported() ? threads.getThreadCpuTime(thread.threadId()) : -1;
        boolean first = thread != watched.thread;
        long used = cpu - watched.cpuNanos;
        watched.thread = thread;
        watched.cpuNanos = cpu;
        // Of the first look it is not known since when it runs; without an owner the time is the embedder's.
        if (first || owner == null) {
            return;
        }
        Node node = node(watched.stack.marks);
        if (node == root) {
            return;
        }
        // By CPU time, not by looks: what other processes take from the machine is nobody's here.
        if (cpu < 0) {
            node.runningNanos += elapsedNanos;
            return;
        }
        node.runningNanos += used;
        if (node.function instanceof HostBinding && used < elapsedNanos) {
            node.waitingNanos += elapsedNanos - used;
        }
    }

    private Node node(CallMarks marks) {
        int depth = marks.depth();
        int count = 0;
        for (int i = 1; i <= depth; i++) {
            if (i == OUTER_CALLS + 1 && depth > OUTER_CALLS + INNER_CALLS) {
                calls[count++] = null;
                i = depth - INNER_CALLS + 1;
            }
            calls[count++] = marks.at(i);
        }
        Node node = root;
        for (int i = 0; i < count; i++) {
            node = node.callee(calls[i]);
            calls[i] = null;
        }
        return node;
    }

    /** Stops looking; what was counted stays. Idempotent. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(sampler);
        boolean interrupted = false;
        while (sampler.isAlive()) {
            try {
                sampler.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Writes what was counted so far as folded stacks, as flame graph tools read them: a line for each distinct stack, the
     * module's name and the calls from the outermost to the innermost, separated by semicolons, then a space and the microseconds
     * of CPU time spent there. Host functions are {@code module.name}; what they waited, without CPU, has {@code [waiting]} as
     * innermost call.
     */
    public void writeFolded(Appendable out) throws IOException {
        synchronized (stacks) {
            for (Node first : root.callees.values()) {
                String module = first.function == null ? "?" : folded(first.function.instance.name());
                write(first, module, out);
            }
        }
    }

    private static void write(Node top, String module, Appendable out) throws IOException {
        // Not recursive: stacks are deep.
        List<Node> pending = new ArrayList<>(List.of(top));
        List<String> prefixes = new ArrayList<>(List.of(module));
        while (!pending.isEmpty()) {
            Node node = pending.removeLast();
            String line = prefixes.removeLast() + ";" + name(node.function);
            count(line, node.runningNanos, out);
            count(line + ";[waiting]", node.waitingNanos, out);
            for (Node callee : node.callees.values()) {
                pending.add(callee);
                prefixes.add(line);
            }
        }
    }

    private static void count(String stack, long nanos, Appendable out) throws IOException {
        long micros = nanos / 1000;
        if (micros > 0) {
            out.append(stack).append(' ').append(Long.toString(micros)).append('\n');
        }
    }

    private static String name(WasmFunction function) {
        if (function == null) {
            return "[...]";
        }
        WasmFrame frame = function.frame(-1);
        if (frame.functionName() == null) {
            return "function " + frame.function();
        }
        return folded(function instanceof HostBinding ? frame.module() + "." + frame.functionName() : frame.functionName());
    }

    private static String folded(String name) {
        return WasmText.printable(RustNames.readable(name)).replace(';', ':');
    }
}
