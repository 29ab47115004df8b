package wasmbpf.host.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import wasmbpf.elf.ElfReader;
import wasmbpf.host.object.ExternResolver;
import wasmbpf.host.object.LinkedProgram;
import wasmbpf.host.object.ObjectException;
import wasmbpf.host.object.ObjectReader;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.host.object.ProgramLinker;

/** An object that brings the types of a kernel without BTF along, as {@code llvm-objcopy --add-section} puts them in. */
class KernelTypesTest {
    private static final byte[] OBJECT = OnThisKernel.bytes("iterators");
    /** Its own types do as a kernel's: every access is at the place the compiler had. */
    private static final byte[] TYPES = ElfReader.read("iterators", OBJECT).section(".BTF").orElseThrow().bytes();

    private final Linux54 kernel = new Linux54();
    private final RunningKernel running = new RunningKernel(kernel, Linux54.files());

    private String linked(byte[] object, LoadOptions options) {
        ObjectSpec spec = ObjectReader.read("iterators.bpf.o", object);
        try (LoadFacts facts = new LoadFacts(kernel, running, options, spec)) {
            StringBuilder text = new StringBuilder();
            for (LinkedProgram program : ProgramLinker.link(spec, ExternResolver.resolve(spec, facts), facts).programs()) {
                text.append(program.program().name())
                        .append(Arrays.toString(program.code().toBytes(ByteOrder.LITTLE_ENDIAN))).append('\n');
            }
            return text.toString();
        }
    }

    @Test
    void typesOfTheReleaseAreTakenWhereTheKernelHasNone(@TempDir Path folder) throws Exception {
        assertNull(running.vmlinux(), "the stand-in has no BTF");
        ObjectException e = assertThrows(ObjectException.class, () -> linked(OBJECT, LoadOptions.DEFAULT));
        assertTrue(e.getMessage().contains(".BTF.vmlinux." + running.release()), e.getMessage());

        String expected = linked(OBJECT, LoadOptions.DEFAULT.withKernelBtf(Files.write(folder.resolve("k.btf"), TYPES)));
        assertEquals(expected, linked(withSection(".BTF.vmlinux", TYPES), LoadOptions.DEFAULT));
        assertEquals(expected, linked(withSection(".BTF.vmlinux." + running.release(), TYPES), LoadOptions.DEFAULT));
    }

    @Test
    void typesOfAnotherReleaseAreNot() {
        assertThrows(ObjectException.class, () -> linked(withSection(".BTF.vmlinux.1.2.3", TYPES), LoadOptions.DEFAULT));
    }

    @Test
    void damagedTypesNameTheirSection() {
        Exception e = assertThrows(RuntimeException.class,
                () -> linked(withSection(".BTF.vmlinux", Arrays.copyOf(TYPES, 40)), LoadOptions.DEFAULT));
        assertTrue(e.getMessage().contains("section .BTF.vmlinux of iterators"), e.toString());
    }

    /** The object with one more section: its content, the names and the headers anew at the end. */
    private static byte[] withSection(String name, byte[] content) {
        ByteBuffer old = ByteBuffer.wrap(OBJECT).order(ByteOrder.LITTLE_ENDIAN);
        int headers = (int) old.getLong(40);
        int count = old.getShort(60);
        int names = headers + 64 * old.getShort(62);
        int namesAt = (int) old.getLong(names + 24);
        int namesSize = (int) old.getLong(names + 32);
        byte[] label = (name + "\0").getBytes(StandardCharsets.US_ASCII);
        int contentAt = OBJECT.length + 7 & -8;
        int newNamesAt = contentAt + content.length + 7 & -8;
        int newHeaders = newNamesAt + namesSize + label.length + 7 & -8;
        ByteBuffer out = ByteBuffer.allocate(newHeaders + 64 * (count + 1)).order(ByteOrder.LITTLE_ENDIAN);
        out.put(0, OBJECT).put(contentAt, content).put(newNamesAt, OBJECT, namesAt, namesSize)
                .put(newNamesAt + namesSize, label).put(newHeaders, OBJECT, headers, 64 * count);
        int moved = newHeaders + names - headers;
        out.putLong(moved + 24, newNamesAt).putLong(moved + 32, namesSize + label.length);
        int added = newHeaders + 64 * count;
        out.putInt(added, namesSize).putInt(added + 4, 1).putLong(added + 24, contentAt)
                .putLong(added + 32, content.length).putLong(added + 48, 1);
        out.putLong(40, newHeaders).putShort(60, (short) (count + 1));
        return out.array();
    }
}
