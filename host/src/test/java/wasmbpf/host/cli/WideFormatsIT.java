package wasmbpf.host.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A source whose formats are 64-bit Linux's, built with {@code -DWASM_BPF_WIDE_FORMATS}, prints what it prints there. */
class WideFormatsIT {
    @Test
    void printsWhatANativeBuildPrints() throws Exception {
        Runner.Result run = Runner.run(Runner.guest("gen/format.wasm"));
        assertEquals(0, run.status(), run.err());
        assertEquals(Files.readString(Path.of(Runner.guest("gen/format.expected"))), run.out());
        assertEquals("-4 of eight\n", run.err());
    }
}
