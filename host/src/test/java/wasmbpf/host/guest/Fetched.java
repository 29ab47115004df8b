package wasmbpf.host.guest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Kernels to boot: what {@code fetch} downloaded or had. */
final class Fetched {
    private Fetched() {
    }

    /** Version and package files by series; a series that cannot be had is left out. */
    static Map<String, String[]> kernels(Path scripts, Path cache, List<String> series)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(scripts.resolve("fetch").toString(), cache.toString()));
        command.addAll(series);
        Process fetch = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String output = new String(fetch.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        fetch.waitFor();
        Map<String, String[]> kernels = new LinkedHashMap<>();
        for (String line : output.lines().toList()) {
            String[] words = line.split(" ");
            kernels.put(words[0], new String[] {words[1], words[2]});
        }
        return kernels;
    }
}
