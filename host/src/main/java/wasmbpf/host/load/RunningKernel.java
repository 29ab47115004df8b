package wasmbpf.host.load;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.WeakHashMap;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfReader;
import wasmbpf.elf.ElfReader;
import wasmbpf.host.load.KernelFeatures.Feature;
import wasmbpf.sys.Kernel;

/**
 * What is known of the kernel that objects are loaded into. Each answer is found when it is first asked for and kept,
 * so one of these is best shared by all objects of a process: {@link #of}. Any thread.
 */
public final class RunningKernel {
    private static final Map<Kernel, RunningKernel> KNOWN = new WeakHashMap<>();

    private final WeakReference<Kernel> kernel;
    private final KernelFiles files;
    private final KernelFeatures features;
    private Cpus cpus;
    private int pageSize;
    private String release;
    private Btf vmlinux;
    private boolean vmlinuxSought;
    private boolean memoryLimitRaised;

    /** A kernel whose files are elsewhere: for tests, and for analysing another machine's. */
    public RunningKernel(Kernel kernel, KernelFiles files) {
        this.kernel = new WeakReference<>(kernel);
        this.files = files;
        this.features = new KernelFeatures(kernel, files);
    }

    /** What is known through that {@link Kernel}; the same as long as it lives. */
    public static RunningKernel of(Kernel kernel) {
        synchronized (KNOWN) {
            return KNOWN.computeIfAbsent(kernel, each -> new RunningKernel(each, KernelFiles.RUNNING));
        }
    }

    /** Has a {@link Kernel} that is asked for from now on have files of its own. */
    public static void add(Kernel kernel, KernelFiles files) {
        synchronized (KNOWN) {
            KNOWN.put(kernel, new RunningKernel(kernel, files));
        }
    }

    /** True once: raising the limit a second time changes nothing. */
    synchronized boolean mayRaiseMemoryLimit() {
        boolean first = !memoryLimitRaised;
        memoryLimitRaised = true;
        return first;
    }

    public Kernel kernel() {
        return kernel.get();
    }

    public KernelFiles files() {
        return files;
    }

    public KernelFeatures features() {
        return features;
    }

    public boolean has(Feature feature) {
        return features.has(feature);
    }

    public synchronized Cpus cpus() {
        if (cpus == null) {
            cpus = Cpus.of(files);
        }
        return cpus;
    }

    /** Bytes a page. */
    public synchronized int pageSize() {
        if (pageSize == 0) {
            pageSize = readPageSize(files.readIfReadable("/proc/self/auxv"));
        }
        return pageSize;
    }

    /** AT_PAGESZ of the auxiliary vector, pairs of 64-bit words ended by type 0. */
    private static int readPageSize(byte[] auxv) {
        if (auxv != null) {
            ByteBuffer words = ByteBuffer.wrap(auxv).order(ByteOrder.nativeOrder());
            while (words.remaining() >= 16) {
                long type = words.getLong();
                long value = words.getLong();
                if (type == 6 && value > 0 && value <= 1 << 20 && Long.bitCount(value) == 1) {
                    return (int) value;
                }
            }
        }
        return 4096;
    }

    /** {@code uname -r}; empty if unknown. */
    public synchronized String release() {
        if (release == null) {
            release = text("/proc/sys/kernel/osrelease");
        }
        return release;
    }

    /**
     * KERNEL_VERSION(a,b,c): libbpf {@code get_kernel_version}. Distributions whose release does not say: Ubuntu in
     * /proc/version_signature, Debian in {@code uname -v}.
     */
    public int version() {
        String signature = text("/proc/version_signature");
        if (!signature.isEmpty()) {
            int version = version(signature.substring(signature.lastIndexOf(' ') + 1));
            if (version != 0) {
                return version;
            }
        }
        String build = text("/proc/sys/kernel/version");
        int debian = build.indexOf("Debian ");
        if (debian >= 0) {
            int version = version(build.substring(debian + "Debian ".length()));
            if (version != 0) {
                return version;
            }
        }
        return version(release());
    }

    /** {@code a << 16 | b << 8 | min(c, 255)} of a text that begins with {@code a.b.c}, or 0. */
    static int version(String text) {
        int[] parts = new int[3];
        int at = 0;
        for (int i = 0; i < 3; i++) {
            int start = at;
            while (at < text.length() && Character.isDigit(text.charAt(at)) && at - start < 6) {
                parts[i] = parts[i] * 10 + text.charAt(at++) - '0';
            }
            if (at == start) {
                return 0;
            }
            if (i < 2 && (at >= text.length() || text.charAt(at++) != '.')) {
                return 0;
            }
        }
        return parts[0] << 16 | parts[1] << 8 | Math.min(parts[2], 255);
    }

    private String text(String path) {
        byte[] bytes = files.readIfReadable(path);
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8).strip();
    }

    /** The kernel's types, or null if it has none: libbpf {@code btf__load_vmlinux_btf} and the same places. */
    public synchronized Btf vmlinux() {
        if (!vmlinuxSought) {
            vmlinux = findVmlinux();
            vmlinuxSought = true;
        }
        return vmlinux;
    }

    private Btf findVmlinux() {
        byte[] raw = files.readIfReadable("/sys/kernel/btf/vmlinux");
        if (raw != null) {
            return BtfReader.read("/sys/kernel/btf/vmlinux", raw);
        }
        String release = release();
        String[] places = {"/boot/vmlinux-" + release, "/lib/modules/" + release + "/vmlinux-" + release,
            "/lib/modules/" + release + "/build/vmlinux", "/usr/lib/modules/" + release + "/kernel/vmlinux",
            "/usr/lib/debug/boot/vmlinux-" + release, "/usr/lib/debug/boot/vmlinux-" + release + ".debug",
            "/usr/lib/debug/lib/modules/" + release + "/vmlinux"};
        for (String place : places) {
            byte[] image = files.readIfReadable(place);
            if (image != null) {
                return BtfReader.ofElf(ElfReader.read(place, image));
            }
        }
        return null;
    }
}
