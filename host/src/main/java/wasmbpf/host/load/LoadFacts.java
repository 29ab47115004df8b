package wasmbpf.host.load;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfReader;
import wasmbpf.core.CandidateIndex;
import wasmbpf.elf.ElfReader;
import wasmbpf.host.object.KernelFacts;
import wasmbpf.host.object.ObjectException;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.sys.Kernel;

/** Answers linking from the running kernel, for the time of one load: it holds descriptors of module BTFs. */
final class LoadFacts implements KernelFacts, AutoCloseable {
    private final Kernel kernel;
    private final RunningKernel running;
    private final LoadOptions options;
    private final ObjectSpec spec;
    private List<KernelModule> modules;
    private CandidateIndex targets;

    LoadFacts(Kernel kernel, RunningKernel running, LoadOptions options, ObjectSpec spec) {
        this.spec = spec;
        this.kernel = kernel;
        this.running = running;
        this.options = options;
    }

    @Override
    public boolean has(Feature feature) {
        return running.has(switch (feature) {
            case BPF_COOKIE -> KernelFeatures.Feature.BPF_COOKIE;
            case SYSCALL_WRAPPER -> KernelFeatures.Feature.SYSCALL_WRAPPER;
            case BTF_FUNC -> KernelFeatures.Feature.BTF_FUNC;
            case BTF_DECL_TAG -> KernelFeatures.Feature.BTF_DECL_TAG;
            case ARG_CTX_TAG -> KernelFeatures.Feature.ARG_CTX_TAG;
            case LDIMM64_FULL_RANGE_OFF -> KernelFeatures.Feature.LDIMM64_FULL_RANGE_OFF;
        });
    }

    @Override
    public Btf vmlinux() {
        return running.vmlinux();
    }

    @Override
    public List<KernelModule> modules() {
        if (modules == null) {
            Btf base = vmlinux();
            modules = base == null ? List.of() : KernelModule.all(kernel, base);
        }
        return modules;
    }

    @Override
    public CandidateIndex coreTargets() {
        if (targets == null) {
            if (options.kernelBtf() != null) {
                targets = new CandidateIndex(List.of(read(options.kernelBtf())));
            } else if (vmlinux() != null) {
                targets = new CandidateIndex(vmlinux(), () -> modules().stream().map(KernelModule::btf).toList());
            } else if (spec.kernelTypes(running.release()) != null) {
                targets = new CandidateIndex(List.of(BtfReader.read("section .BTF.vmlinux of " + spec.name(),
                        spec.kernelTypes(running.release()))));
            } else {
                throw new ObjectException("this kernel has no BTF (CONFIG_DEBUG_INFO_BTF), which CO-RE needs: not in "
                        + "/sys/kernel/btf/vmlinux, not in a vmlinux under /boot or /usr/lib/debug; "
                        + "give a file with --btf, or bring the types along in the object's section .BTF.vmlinux."
                        + running.release());
            }
        }
        return targets;
    }

    /** A file of raw BTF, or an ELF with a .BTF section. */
    private static Btf read(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ObjectException("read kernel BTF " + FileProblem.reading(file.toString(), e), e);
        }
        boolean elf = bytes.length > 3 && bytes[0] == 0x7f && bytes[1] == 'E' && bytes[2] == 'L' && bytes[3] == 'F';
        return elf ? BtfReader.ofElf(ElfReader.read(file.toString(), bytes)) : BtfReader.read(file.toString(), bytes);
    }

    @Override
    public int version() {
        return running.version();
    }

    @Override
    public int pageSize() {
        return running.pageSize();
    }

    /** libbpf {@code bpf_object__read_kconfig_file}: /boot/config-RELEASE, else /proc/config.gz. */
    @Override
    public void kconfig(LineVisitor visitor) {
        if (options.kconfig() != null) {
            for (String line : options.kconfig().split("\n")) {
                if (!visitor.line(line)) {
                    return;
                }
            }
        }
        String plain = "/boot/config-" + running.release();
        byte[] file = running.files().readIfReadable(plain);
        if (file != null) {
            lines(file, false, plain, visitor);
            return;
        }
        file = running.files().readIfReadable("/proc/config.gz");
        if (file == null) {
            throw new ObjectException("the kernel's configuration is neither in " + plain + " nor in /proc/config.gz");
        }
        lines(file, true, "/proc/config.gz", visitor);
    }

    private static void lines(byte[] file, boolean zipped, String path, LineVisitor visitor) {
        ByteArrayInputStream bytes = new ByteArrayInputStream(file);
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                zipped ? new GZIPInputStream(bytes) : bytes, StandardCharsets.UTF_8))) {
            String line;
            do {
                line = reader.readLine();
            } while (line != null && visitor.line(line));
        } catch (IOException e) {
            throw new ObjectException("read the kernel's configuration from " + path, e);
        }
    }

    @Override
    public void kallsyms(SymbolVisitor visitor) {
        byte[] file;
        try {
            file = running.files().read("/proc/kallsyms");
        } catch (UncheckedIOException e) {
            throw new ObjectException("read /proc/kallsyms", e);
        }
        if (file == null) {
            throw new ObjectException("this kernel has no /proc/kallsyms");
        }
        // Lines of "address type name" and, for symbols of modules, "\t[module]".
        int at = 0;
        while (at < file.length) {
            int end = at;
            while (end < file.length && file[end] != '\n') {
                end++;
            }
            line(new String(file, at, end - at, StandardCharsets.ISO_8859_1), visitor);
            at = end + 1;
        }
    }

    private static void line(String line, SymbolVisitor visitor) {
        int type = line.indexOf(' ');
        if (type < 1 || type + 3 >= line.length()) {
            return;
        }
        int end = line.indexOf('\t', type);
        try {
            visitor.symbol(Long.parseUnsignedLong(line, 0, type, 16), line.charAt(type + 1),
                    line.substring(type + 3, end < 0 ? line.length() : end));
        } catch (NumberFormatException e) {
            throw new ObjectException("/proc/kallsyms has a line \"" + line + "\"", e);
        }
    }

    @Override
    public void close() {
        if (modules != null) {
            modules.forEach(KernelModule::close);
            modules = null;
        }
    }
}
