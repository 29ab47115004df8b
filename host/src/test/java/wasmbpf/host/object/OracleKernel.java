package wasmbpf.host.object;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfReader;
import wasmbpf.core.CandidateIndex;

/** The kernel of the recordings, 6.18.44, from files: its BTF, its configuration, and the symbols libbpf found. */
final class OracleKernel implements KernelFacts {
    /** Beside relo-core's tests, which read it too; a test runs in its module's directory. */
    private static final Path VMLINUX = Path.of("..", "relo-core", "src", "test", "resources", "oracle",
            "vmlinux-6.18.44.btf.gz");

    private static final Btf BTF = readVmlinux();
    private static final CandidateIndex TARGETS = new CandidateIndex(List.of(BTF));

    private final Map<String, Object> recording;
    private final Set<Feature> features;

    private final Btf btf;

    private OracleKernel(Map<String, Object> recording, Set<Feature> features, Btf btf) {
        this.recording = recording;
        this.features = features;
        this.btf = btf;
    }

    /** With every feature, as in the recording of that object. */
    static OracleKernel of(Map<String, Object> recording) {
        return new OracleKernel(recording, EnumSet.allOf(Feature.class), BTF);
    }

    /** The same without one feature. */
    static OracleKernel without(Map<String, Object> recording, Feature missing) {
        return new OracleKernel(recording, EnumSet.complementOf(EnumSet.of(missing)), BTF);
    }

    /** The same of a kernel that was built without BTF. */
    static OracleKernel withoutBtf(Map<String, Object> recording) {
        return new OracleKernel(recording, EnumSet.allOf(Feature.class), null);
    }

    private static Btf readVmlinux() {
        try {
            byte[] packed = Files.readAllBytes(VMLINUX);
            return BtfReader.read("vmlinux", new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean has(Feature feature) {
        return features.contains(feature);
    }

    @Override
    public Btf vmlinux() {
        return btf;
    }

    @Override
    public List<Module> modules() {
        return List.of();
    }

    @Override
    public CandidateIndex coreTargets() {
        return btf == null ? null : TARGETS;
    }

    @Override
    public int version() {
        return (int) OracleView.KERNEL_VERSION;
    }

    @Override
    public void kconfig(LineVisitor visitor) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(
                new ByteArrayInputStream(OracleJson.bytes("config-6.18.44.gz"))), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null && visitor.line(line)) {
                line = lines.readLine();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void kallsyms(SymbolVisitor visitor) {
        visitor.symbol(0xffffffff81000000L, 'T', "_stext");
        for (Map<String, Object> extern : OracleJson.objects(recording, "externs")) {
            if (extern.get("addr") instanceof String address) {
                visitor.symbol(Long.parseUnsignedLong(address.substring(2), 16), 'D', (String) extern.get("name"));
            }
        }
    }
}
