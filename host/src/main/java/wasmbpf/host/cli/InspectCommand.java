package wasmbpf.host.cli;

import java.util.List;
import wasmbpf.core.CoreException;
import wasmbpf.elf.FormatException;
import wasmbpf.host.abi.WasmBpfFunction;
import wasmbpf.host.object.MapSpec;
import wasmbpf.host.object.ObjectException;
import wasmbpf.host.object.ObjectReader;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.host.object.ProgramSpec;
import wasmbpf.host.wasi.Wasi;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.BpfProgType;
import wasmbpf.wasm.Export;
import wasmbpf.wasm.ExternType;
import wasmbpf.wasm.Import;
import wasmbpf.wasm.WasmException;
import wasmbpf.wasm.WasmModule;

/** {@code wasm-bpf inspect FILE}: what a module or object contains. Runs nothing and asks the kernel nothing. */
final class InspectCommand extends Command {
    InspectCommand() {
        super("inspect", "MODULE|OBJECT", "show a module's imports, exports and BPF objects, or an object's programs and maps");
    }

    @Override
    List<Option> options() {
        return List.of();
    }

    @Override
    int run(ParsedArguments arguments) {
        if (arguments.operands().size() != 1) {
            throw new UsageException("inspect needs one file");
        }
        String file = arguments.operands().get(0);
        byte[] bytes = Words.read(file);
        try {
            Words.print(describe(file.substring(file.lastIndexOf('/') + 1), bytes));
            return 0;
        } catch (WasmException | FormatException | ObjectException | CoreException e) {
            throw new FatalException(ExitStatus.NOT_RUNNABLE, e.getMessage(), e);
        }
    }

    /** What {@code inspect} prints about a file. */
    static String describe(String name, byte[] bytes) {
        StringBuilder out = new StringBuilder();
        if (bytes.length > 4 && bytes[0] == 0x7f && bytes[1] == 'E') {
            object(out, "object " + name, ObjectReader.read(name, bytes));
        } else {
            module(out, WasmModule.decode(name, bytes));
        }
        return out.toString();
    }

    private static void module(StringBuilder out, WasmModule module) {
        out.append("module ").append(module.name()).append(", ").append(module.bytes().length).append(" bytes\n");
        out.append("imports\n");
        for (Import wanted : module.imports()) {
            boolean function = wanted.type() instanceof ExternType.Func;
            String type = wanted.type() instanceof ExternType.Func f ? f.type().func().toString() : wanted.type().toString();
            boolean known = wanted.type() instanceof ExternType.Func f
                    && (Wasi.provides(wanted.module(), wanted.name(), f.type().func())
                            || WasmBpfFunction.provides(wanted.module(), wanted.name(), f.type().func()));
            out.append("  ").append(wanted.module()).append('.').append(wanted.name()).append(function ? " " : ": ")
                    .append(type).append(known ? "" : "   not provided here").append('\n');
        }
        out.append("exports\n");
        for (Export export : module.exports()) {
            out.append("  ").append(export.kind()).append(' ').append(export.name()).append('\n');
        }
        List<EmbeddedObjects.Embedded> objects = EmbeddedObjects.of(module);
        for (EmbeddedObjects.Embedded e : objects) {
            String where = "object at 0x" + Long.toHexString(e.address()) + ", " + e.elf().length + " bytes";
            object(out, where, ObjectReader.read(module.name(), e.elf()));
        }
        if (objects.isEmpty()) {
            out.append("no BPF object lies ready in its memory\n");
        }
    }

    private static void object(StringBuilder out, String title, ObjectSpec object) {
        out.append(title).append(", license ").append(object.license().isEmpty() ? "none" : object.license()).append('\n');
        out.append("  programs\n");
        boolean tracing = false;
        boolean network = false;
        for (ProgramSpec p : object.programs()) {
            if (p.subprogram()) {
                continue;
            }
            BpfProgType type = BpfProgType.of(p.type());
            out.append("    ").append(p.name()).append("  ").append(p.sectionName()).append("  ")
                    .append(type == null ? "type " + p.type() : type.kernelName()).append("  ").append(p.insnCount())
                    .append(" instructions").append(p.autoload() ? "" : ", not loaded by itself").append('\n');
            tracing |= type != null && traces(type);
            network |= type != null && handlesPackets(type);
        }
        out.append("  maps\n");
        for (MapSpec m : object.maps()) {
            BpfMapType type = BpfMapType.of(m.type());
            out.append("    ").append(m.name()).append("  ").append(type == null ? "type " + m.type() : type.kernelName())
                    .append("  key ").append(m.keySize()).append(", value ").append(m.valueSize()).append(", entries ")
                    .append(Integer.toUnsignedString(m.maxEntries())).append('\n');
        }
        out.append("  needs CAP_BPF").append(tracing ? ", CAP_PERFMON" : "").append(network ? ", CAP_NET_ADMIN" : "")
                .append(" (or root)\n");
    }

    /** What the kernel loads with CAP_PERFMON only: perfmon_capable in bpf_prog_load, is_perfmon_prog_type. */
    private static boolean traces(BpfProgType type) {
        return switch (type) {
            case KPROBE, TRACEPOINT, PERF_EVENT, RAW_TRACEPOINT, RAW_TRACEPOINT_WRITABLE, TRACING, LSM, STRUCT_OPS, EXT -> true;
            default -> false;
        };
    }

    /** is_net_admin_prog_type. */
    private static boolean handlesPackets(BpfProgType type) {
        return switch (type) {
            case SCHED_CLS, SCHED_ACT, XDP, LWT_IN, LWT_OUT, LWT_XMIT, LWT_SEG6LOCAL, SK_SKB, SK_MSG, FLOW_DISSECTOR,
                    CGROUP_DEVICE, CGROUP_SOCK, CGROUP_SOCK_ADDR, CGROUP_SOCKOPT, CGROUP_SYSCTL, SOCK_OPS, EXT, NETFILTER -> true;
            default -> false;
        };
    }
}
