package wasmbpf.host.object;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.TypeChain;
import wasmbpf.core.CoreException;
import wasmbpf.core.TypeCompatibility;

/** Finds what a kernel supplies for the externs of an object: libbpf {@code bpf_object__resolve_externs}. */
public final class ExternResolver {
    /** A call names its module by a signed 16-bit slot of {@code fd_array}; slot 0 is the kernel. */
    private static final int MAX_MODULES = Short.MAX_VALUE - 1;

    private final ObjectSpec spec;
    private final KernelFacts facts;
    private final ExternValues.Value[] values;
    private final List<KernelFacts.Module> fdArray = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private List<? extends KernelFacts.Module> modules;

    private ExternResolver(ObjectSpec spec, KernelFacts facts) {
        this.spec = spec;
        this.facts = facts;
        this.values = new ExternValues.Value[spec.externs().size()];
    }

    /**
     * Resolves every extern, and fills the image of the {@code .kconfig} map.
     *
     * @throws ObjectException if a strong extern is missing, or a value or type does not fit
     */
    public static ExternValues resolve(ObjectSpec spec, KernelFacts facts) {
        if (spec.externs().isEmpty()) {
            return ExternValues.NONE;
        }
        return new ExternResolver(spec, facts).resolve();
    }

    private ExternValues resolve() {
        resolveKconfig();
        resolveAddresses();
        for (Extern extern : spec.externs()) {
            if (extern instanceof Extern.Ksym ksym && ksym.typed()) {
                try {
                    values[ksym.index()] = kernelType(ksym);
                } catch (CoreException e) {
                    throw new ObjectException("object \"" + spec.name() + "\": extern \"" + ksym.name() + "\": "
                            + e.getMessage(), e);
                }
            }
        }
        for (Extern extern : spec.externs()) {
            if (values[extern.index()] == null) {
                if (!extern.weak()) {
                    throw error(extern, "this kernel does not have it; declare it __weak and test for it, "
                            + "or use another kernel");
                }
                values[extern.index()] = new ExternValues.Missing();
            }
        }
        return new ExternValues(List.of(values), List.copyOf(fdArray), List.copyOf(warnings));
    }

    private void resolveKconfig() {
        MapSpec map = spec.map(".kconfig");
        if (map == null) {
            return;
        }
        Arrays.fill(map.initialValue(), (byte) 0);
        ByteBuffer image = ByteBuffer.wrap(map.initialValue()).order(spec.byteOrder());
        Map<String, Extern.Kconfig> wanted = new HashMap<>();
        for (Extern extern : spec.externs()) {
            if (extern instanceof Extern.Kconfig kconfig) {
                if (kconfig.name().startsWith("CONFIG_")) {
                    wanted.putIfAbsent(kconfig.name(), kconfig);
                } else {
                    KconfigValue.number(kconfig, image, virtual(kconfig));
                    values[kconfig.index()] = new ExternValues.Configured();
                }
            }
        }
        if (!wanted.isEmpty()) {
            facts.kconfig(line -> {
                configure(line, wanted, image);
                return !wanted.isEmpty();
            });
        }
    }

    /** The variables that libbpf itself defines. */
    private long virtual(Extern.Kconfig extern) {
        return switch (extern.name()) {
            case "LINUX_KERNEL_VERSION" -> {
                int version = facts.version();
                if (version == 0) {
                    throw error(extern, "the kernel's version is not known");
                }
                yield Integer.toUnsignedLong(version);
            }
            case "LINUX_HAS_BPF_COOKIE" -> facts.has(KernelFacts.Feature.BPF_COOKIE) ? 1 : 0;
            case "LINUX_HAS_SYSCALL_WRAPPER" -> facts.has(KernelFacts.Feature.SYSCALL_WRAPPER) ? 1 : 0;
            default -> {
                if (!extern.name().startsWith("LINUX_") || !extern.weak()) {
                    throw error(extern, "neither an option of the kernel's configuration (CONFIG_…) nor a LINUX_… "
                            + "variable that is known");
                }
                yield 0;
            }
        };
    }

    /** libbpf {@code bpf_object__process_kconfig_line}. */
    private void configure(String line, Map<String, Extern.Kconfig> wanted, ByteBuffer image) {
        if (!line.startsWith("CONFIG_")) {
            return;
        }
        int equals = line.indexOf('=');
        if (equals < 0 || equals == line.length() - 1) {
            throw new ObjectException("kernel configuration: line \"" + line + "\" has no value");
        }
        Extern.Kconfig extern = wanted.remove(line.substring(0, equals));
        if (extern != null) {
            KconfigValue.text(extern, image, line.substring(equals + 1), warnings);
            values[extern.index()] = new ExternValues.Configured();
        }
    }

    /** Addresses of typeless variables, from /proc/kallsyms. */
    private void resolveAddresses() {
        Map<String, Extern.Ksym> wanted = new HashMap<>();
        for (Extern extern : spec.externs()) {
            if (extern instanceof Extern.Ksym ksym && !ksym.typed()) {
                wanted.put(ksym.name(), ksym);
            }
        }
        if (!wanted.isEmpty()) {
            facts.kallsyms((address, type, name) -> {
                int suffix = type == 'd' ? name.indexOf(".llvm.") : -1;
                Extern.Ksym extern = wanted.get(suffix < 0 ? name : name.substring(0, suffix));
                if (extern != null) {
                    place(extern, address);
                }
            });
        }
    }

    private void place(Extern.Ksym extern, long address) {
        if (values[extern.index()] instanceof ExternValues.Address known && known.address() != address) {
            throw error(extern, "the kernel has several symbols of that name, at 0x"
                    + Long.toHexString(known.address()) + " and 0x" + Long.toHexString(address));
        }
        values[extern.index()] = new ExternValues.Address(address);
    }

    /** The VAR or FUNC of the kernel, or null if there is none and there need not be. */
    private ExternValues.Value kernelType(Extern.Ksym extern) {
        BtfKind kind = extern.function() ? BtfKind.FUNC : BtfKind.VAR;
        String name = extern.function() ? extern.essentialName() : extern.name();
        Btf vmlinux = facts.vmlinux();
        if (vmlinux == null) {
            throw error(extern, "this kernel has no BTF (CONFIG_DEBUG_INFO_BTF) to find it in");
        }
        int id = vmlinux.find(kind, name);
        KernelFacts.Module module = null;
        Btf btf = vmlinux;
        if (id <= 0) {
            if (modules == null) {
                modules = facts.modules();
            }
            for (KernelFacts.Module each : modules) {
                id = each.btf().findOwn(kind, name);
                if (id > 0) {
                    module = each;
                    btf = each.btf();
                    break;
                }
            }
        }
        if (id <= 0) {
            return null;
        }
        return extern.function() ? function(extern, btf, id, module) : variable(extern, btf, id, module);
    }

    private ExternValues.Value variable(Extern.Ksym extern, Btf btf, int id, KernelFacts.Module module) {
        int target = TypeChain.skipModsAndTypedefs(btf, btf.sizeOrType(id));
        if (!TypeCompatibility.typesAreCompatible(spec.btf(), extern.typeId(), btf, target)) {
            throw error(extern, "its type " + text(spec.btf(), extern.typeId()) + " is not the kernel's "
                    + text(btf, target) + "; declare it with that type");
        }
        return new ExternValues.KernelType(id, module);
    }

    private ExternValues.Value function(Extern.Ksym extern, Btf btf, int id, KernelFacts.Module module) {
        if (!TypeCompatibility.typesAreCompatible(spec.btf(), extern.typeId(), btf, btf.sizeOrType(id))) {
            if (extern.weak()) {
                return null;
            }
            throw error(extern, "its prototype does not fit that of " + (module == null ? "the kernel" : "module "
                    + module.name()) + ", BTF type " + btf.sizeOrType(id));
        }
        if (module != null && !fdArray.contains(module)) {
            if (fdArray.size() == MAX_MODULES) {
                throw error(extern, "functions of more than " + MAX_MODULES + " modules cannot be called");
            }
            fdArray.add(module);
        }
        return new ExternValues.KernelType(id, module);
    }

    private static String text(Btf btf, int id) {
        return "[" + id + "] " + btf.kind(id) + " " + btf.name(id);
    }

    private ObjectException error(Extern extern, String problem) {
        return new ObjectException("object \"" + spec.name() + "\": extern \"" + extern.name() + "\": " + problem);
    }
}
