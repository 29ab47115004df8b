package wasmbpf.host.attach;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfType;
import wasmbpf.elf.ElfFile;
import wasmbpf.elf.FormatException;
import wasmbpf.host.load.Closing;
import wasmbpf.host.load.KernelFeatures.Feature;
import wasmbpf.host.load.LoadedMap;
import wasmbpf.host.load.LoadedObject;
import wasmbpf.host.load.LoadedProgram;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.Errno;
import wasmbpf.sys.SysException;

/**
 * User-space tracepoints: libbpf usdt.c. A probe may have many sites, each with its arguments elsewhere. What
 * {@code usdt.bpf.h} reads them by is put in two maps of the object: {@code __bpf_usdt_specs} by number, and the number
 * as the site's cookie or, on kernels without cookies, in {@code __bpf_usdt_ip_to_spec_id} by address.
 */
final class Usdt {
    private static final String SPECS = "__bpf_usdt_specs";
    private static final String ADDRESSES = "__bpf_usdt_ip_to_spec_id";

    private final LoadedObject object;
    private final RunningKernel running;
    private final Uprobes uprobes;
    private final Deque<Integer> free = new ArrayDeque<>();
    private int next;

    Usdt(LoadedObject object, RunningKernel running, Uprobes uprobes) {
        this.object = object;
        this.running = running;
        this.uprobes = uprobes;
    }

    /**
     * @param text {@code path:provider:name}
     * @param pid  a process, or -1 for all
     */
    Link attach(LoadedProgram program, String text, int pid) {
        return attach(program, text, pid, 0);
    }

    /** @param cookie what bpf_usdt_cookie gives */
    Link attach(LoadedProgram program, String text, int pid, long cookie) {
        String description = "usdt " + text;
        String operation = Links.operation(program, description);
        String[] parts = text.split(":", -1);
        if (parts.length != 3 || parts[0].isEmpty() || parts[1].isEmpty() || parts[2].isEmpty()) {
            throw new AttachException(operation, Errno.EINVAL,
                    "a USDT probe is named path:provider:name, as in usdt/libc.so.6:libc:setjmp");
        }
        LoadedMap specs = object.map(SPECS);
        if (specs == null) {
            throw new AttachException(operation, Errno.ESRCH, "the program does not include <bpf/usdt.bpf.h>");
        }
        String path = Binary.resolve(operation, parts[0]);
        if (!Binary.file(path).equals(path)) {
            throw new AttachException(operation, Errno.EINVAL, "USDT probes are not looked for in archives, as in libbpf");
        }
        List<UsdtSites.Site> sites;
        boolean shared;
        try (Binary binary = Binary.open(operation, path)) {
            sites = UsdtSites.of(binary.elf(), parts[1], parts[2]);
            shared = binary.elf().type() == ElfFile.ET_DYN;
        } catch (FormatException e) {
            throw new AttachException(operation, Errno.ENOEXEC, e.getMessage(), e);
        }
        if (sites.isEmpty()) {
            throw new AttachException(operation, Errno.ENOENT, path + " has no USDT probe " + parts[1] + ":" + parts[2]
                    + ": see readelf -n");
        }
        boolean cookies = running.has(Feature.BPF_COOKIE);
        if (!cookies && shared) {
            if (pid < 0) {
                throw new AttachException(operation, Errno.EOPNOTSUPP, "this kernel has no cookies (5.15 has), by "
                        + "which a probe tells its sites apart wherever " + path + " is loaded; give a process");
            }
            sites = ProcessMap.of(running.files(), operation, pid, path).placed(sites);
        }
        return attach(program, description, operation, path, sites, specs, cookies, pid, cookie);
    }

    private Link attach(LoadedProgram program, String description, String operation, String path,
                        List<UsdtSites.Site> sites, LoadedMap specs, boolean cookies, int pid, long usdtCookie) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        List<Link> links = new ArrayList<>();
        List<Long> addresses = new ArrayList<>();
        Runnable afterwards = () -> {
            for (long address : addresses) {
                object.map(ADDRESSES).delete(word(address));
            }
            free.addAll(ids.values());
        };
        try {
            SpecLayout layout = SpecLayout.of(object.spec().btf(), specs.valueSize());
            long[] numbers = new long[sites.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = specOf(operation, sites.get(i).arguments(), ids, specs, layout, usdtCookie);
            }
            if (program.expectedAttachType() == BpfAttachType.TRACE_UPROBE_MULTI.number()) {
                long[] semaphores = sites.stream().mapToLong(UsdtSites.Site::semaphoreOffset).toArray();
                links.add(uprobes.attachMulti(program, description, path,
                        sites.stream().mapToLong(UsdtSites.Site::fileOffset).toArray(),
                        Arrays.stream(semaphores).anyMatch(offset -> offset != 0) ? semaphores : null,
                        numbers, false, false, pid));
            } else {
                for (int i = 0; i < numbers.length; i++) {
                    UsdtSites.Site site = sites.get(i);
                    if (!cookies) {
                        object.map(ADDRESSES).update(word(site.address()), number((int) numbers[i]));
                        addresses.add(site.address());
                    }
                    links.add(uprobes.attach(program, description, path, site.fileOffset(), site.semaphoreOffset(),
                            false, pid, cookies ? numbers[i] : 0));
                }
            }
            return new CompositeLink(description, links, afterwards);
        } catch (SysException e) {
            throw undone(links, afterwards, new AttachException(operation, e.errno(), "writing what its arguments are", e));
        } catch (RuntimeException e) {
            throw undone(links, afterwards, e);
        }
    }

    private static RuntimeException undone(List<Link> links, Runnable afterwards, RuntimeException cause) {
        Closing closing = new Closing();
        links.forEach(closing::close);
        closing.close(afterwards::run);
        try {
            closing.rethrow();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
        return cause;
    }

    /** The number of the specification for these arguments: sites with equal ones share it. */
    private int specOf(String operation, String arguments, Map<String, Integer> ids, LoadedMap specs,
                       SpecLayout layout, long usdtCookie) {
        Integer known = ids.get(arguments);
        if (known != null) {
            return known;
        }
        byte[] spec;
        try {
            spec = layout.encode(UsdtArgument.parseAll(arguments, System.getProperty("os.arch", "")), usdtCookie);
        } catch (IllegalArgumentException e) {
            throw new AttachException(operation, Errno.EINVAL, e.getMessage(), e);
        }
        int id = free.isEmpty() ? next : free.peek();
        if (id >= specs.maxEntries()) {
            throw new AttachException(operation, Errno.E2BIG, "more kinds of arguments than the " + specs.maxEntries()
                    + " of BPF_USDT_MAX_SPEC_CNT");
        }
        specs.update(number(id), spec);
        if (free.isEmpty()) {
            next++;
        } else {
            free.remove();
        }
        ids.put(arguments, id);
        return id;
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array();
    }

    private static byte[] word(long value) {
        return ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(value).array();
    }

    /**
     * Where the parts of {@code struct __bpf_usdt_spec} are. libbpf 1.7 put bit-fields in it, so the object's own BTF
     * says.
     *
     * @param bytes of the whole struct
     */
    private record SpecLayout(int bytes, int argumentBytes, int type, int index, int scaleBit, int register, int signed,
                              int shift, int cookie, int count) {
        static SpecLayout of(Btf btf, int valueSize) {
            int argument = btf == null ? -1 : btf.find(BtfKind.STRUCT, "__bpf_usdt_arg_spec");
            int spec = btf == null ? -1 : btf.find(BtfKind.STRUCT, "__bpf_usdt_spec");
            if (argument > 0 && spec > 0 && btf.type(argument) instanceof BtfType.Struct each
                    && btf.type(spec) instanceof BtfType.Struct whole) {
                return new SpecLayout(valueSize, each.sizeBytes(), bit(each, "arg_type") / 8, bit(each, "idx_reg_off"),
                        bit(each, "scale_bitshift"), bit(each, "reg_off") / 8, bit(each, "arg_signed") / 8,
                        bit(each, "arg_bitshift") / 8, bit(whole, "usdt_cookie") / 8, bit(whole, "arg_cnt") / 8);
            }
            // As it was from the start: u64 val_off, u32 arg_type, s16 reg_off, bool arg_signed, char arg_bitshift.
            int end = UsdtArgument.MOST * 16;
            return new SpecLayout(valueSize, 16, 8, -1, -1, 12, 14, 15, end, end + 8);
        }

        private static int bit(BtfType.Struct struct, String name) {
            for (BtfType.Member member : struct.members()) {
                if (member.name().equals(name)) {
                    return member.bitOffset();
                }
            }
            return -1;
        }

        byte[] encode(List<UsdtArgument> arguments, long usdtCookie) {
            ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
            for (int i = 0; i < arguments.size(); i++) {
                UsdtArgument argument = arguments.get(i);
                int start = i * argumentBytes;
                if (argument.kind() == UsdtArgument.Kind.INDEXED_MEMORY) {
                    if (index < 0) {
                        throw new IllegalArgumentException(
                                "an argument is indexed memory, which the program's usdt.bpf.h (before 1.7) "
                                        + "cannot read");
                    }
                    // Twelve bits of offset, four of shift, in one u16.
                    int low = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                            ? argument.indexOffset() | argument.scaleShift() << 12
                            : argument.indexOffset() << 4 | argument.scaleShift();
                    buffer.putShort(start + Math.min(index, scaleBit) / 16 * 2, (short) low);
                }
                buffer.putLong(start, argument.value());
                buffer.put(start + type, (byte) argument.kind().ordinal());
                buffer.putShort(start + register, (short) argument.registerOffset());
                buffer.put(start + signed, (byte) (argument.signed() ? 1 : 0));
                buffer.put(start + shift, (byte) (64 - argument.sizeBytes() * 8));
            }
            buffer.putLong(cookie, usdtCookie);
            buffer.putShort(count, (short) arguments.size());
            return buffer.array();
        }
    }
}
