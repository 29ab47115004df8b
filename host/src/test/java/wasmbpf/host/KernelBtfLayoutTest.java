package wasmbpf.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfLayout;
import wasmbpf.btf.BtfReader;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.TypeChain;
import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfAttrs;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfLinkType;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.BpfProgType;
import wasmbpf.sys.InfoStructs;
import wasmbpf.sys.KernelStruct;
import wasmbpf.sys.PerfEventAttr;
import wasmbpf.sys.StructField;

/** The structs and enums that bpf-sys declares, against what the running kernel says of itself. */
@Tag("kernel")
class KernelBtfLayoutTest {
    private static Btf kernel;

    @BeforeAll
    static void readKernel() throws IOException {
        Path file = Path.of("/sys/kernel/btf/vmlinux");
        if (!Files.isReadable(file)) {
            String reason = "skipped: no " + file;
            System.out.println(reason);
            Assumptions.abort(reason);
        }
        kernel = BtfReader.read(file.toString(), Files.readAllBytes(file));
    }

    private record Place(long bitOffset, int typeId, int bitfieldSize) {}

    /** The member of that dotted name, looked for in anonymous members too, or null. */
    private static Place place(int typeId, String path, long bitOffset) {
        BtfType type = kernel.type(TypeChain.skipModsAndTypedefs(kernel, typeId));
        List<BtfType.Member> members = type instanceof BtfType.Struct s ? s.members()
                : type instanceof BtfType.Union u ? u.members() : List.of();
        int dot = path.indexOf('.');
        String head = dot < 0 ? path : path.substring(0, dot);
        for (BtfType.Member member : members) {
            long at = bitOffset + member.bitOffset();
            if (member.name().equals(head)) {
                return dot < 0 ? new Place(at, member.typeId(), member.bitfieldSize())
                        : place(member.typeId(), path.substring(dot + 1), at);
            }
            if (member.name().isEmpty()) {
                Place inside = place(member.typeId(), path, at);
                if (inside != null) {
                    return inside;
                }
            }
        }
        return null;
    }

    @Test
    void fieldsLieWhereTheKernelHasThem() {
        List<KernelStruct> all = new ArrayList<>(BpfAttrs.all());
        all.addAll(InfoStructs.all());
        all.add(PerfEventAttr.STRUCT);
        List<String> newer = new ArrayList<>();
        int compared = 0;
        for (KernelStruct struct : all) {
            String[] type = struct.kernelType().split(" ");
            int id = kernel.find(type[0].equals("union") ? BtfKind.UNION : BtfKind.STRUCT, type[1]);
            assertTrue(id > 0, struct.kernelType());
            for (StructField field : struct.fields()) {
                // The word of perf's bit-fields has no name; its first bit has.
                String name = field == PerfEventAttr.FLAGS ? "disabled" : field.name();
                String path = (struct.member().isEmpty() ? "" : struct.member() + ".") + name;
                Place place = place(id, path, 0);
                if (place == null && path.endsWith("_out")) {
                    place = place(id, path.substring(0, path.length() - 4), 0);
                }
                if (place == null) {
                    newer.add(struct + "." + name);
                    continue;
                }
                assertEquals(field.offset() * 8L, place.bitOffset(), struct + "." + name + " offset in bits");
                if (place.bitfieldSize() == 0) {
                    assertEquals(field.sizeBytes(), BtfLayout.sizeOf(kernel, place.typeId()), struct + "." + name);
                }
                compared++;
            }
        }
        System.out.println("compared " + compared + " fields; this kernel does not have " + newer);
        assertTrue(compared > 200, "only " + compared + " fields compared; not found: " + newer);
    }

    @Test
    void enumsHaveTheKernelsNumbers() {
        compare("bpf_cmd", "BPF_", n -> named(BpfCommand.of(n)));
        compare("bpf_map_type", "BPF_MAP_TYPE_", n -> named(BpfMapType.of(n)));
        compare("bpf_prog_type", "BPF_PROG_TYPE_", n -> named(BpfProgType.of(n)));
        compare("bpf_attach_type", "BPF_", n -> named(BpfAttachType.of(n)));
        compare("bpf_link_type", "BPF_LINK_TYPE_", n -> named(BpfLinkType.of(n)));
    }

    private static String named(Enum<?> constant) {
        return constant == null ? null : constant.name();
    }

    /** Every value of the kernel's enum has a constant, whose name is one of the kernel's names for that value. */
    private static void compare(String name, String prefix, IntFunction<String> ours) {
        BtfType.Enum type = (BtfType.Enum) kernel.type(kernel.find(BtfKind.ENUM, name));
        for (BtfType.Enumerator value : type.values()) {
            // BPF_COMMON_ATTRS is a flag beside the commands.
            if (value.name().startsWith("__") || value.value() >= 1 << 16) {
                continue;
            }
            String constant = ours.apply((int) value.value());
            assertTrue(type.values().stream().anyMatch(v -> v.value() == value.value()
                    && v.name().equals(prefix + constant)), name + ": " + value + " is our " + constant);
        }
    }
}
