package wasmbpf.host.gen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wasmbpf.btf.BtfReader;

/**
 * Every type of a kernel's BTF as WIT, judged by the component tools of npm: jco parses it and makes TypeScript of it, which
 * the TypeScript compiler takes. Where npm or its packages are not to be had the test is skipped and says so.
 */
class WitIT {
    private static final List<String> PACKAGES = List.of("@bytecodealliance/jco@1.9.1", "typescript@5.6.3");

    @TempDir
    private Path dir;

    private record Result(int status, String text) {}

    @Test
    void everyTypeOfAKernelIsValidAndBecomesTypeScript() throws Exception {
        Assumptions.assumeTrue(onPath("npm") && onPath("node"), "npm is not installed: WIT is not checked here");
        Files.writeString(dir.resolve("package.json"), "{\"name\": \"check\", \"version\": \"1.0.0\", \"private\": true}");
        List<String> install = new ArrayList<>(List.of("npm", "install", "-E", "--no-audit", "--no-fund", "--ignore-scripts"));
        install.addAll(PACKAGES);
        Result installed = run(install);
        Assumptions.assumeTrue(installed.status() == 0, "npm cannot install " + PACKAGES + ": " + installed.text());

        Path file = Path.of(System.getProperty("project.root"), "relo-core/src/test/resources/oracle/vmlinux-6.18.44.btf.gz");
        String wit;
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            wit = WitPrinter.print(BtfReader.read("vmlinux", in.readAllBytes()), "vmlinux");
        }
        Path document = Files.createDirectory(dir.resolve("wit")).resolve("vmlinux.wit");
        Files.writeString(document, wit);
        assertEquals(0, jco().status(), () -> document + " is not valid: run jco types on it");

        String types = Files.readString(dir.resolve("types/interfaces/wasm-bpf-vmlinux-types.d.ts"));
        assertTrue(types.contains("export interface Timespec64 {\n  tvSec: Time64T,\n  tvNsec: bigint,\n}"), "struct timespec64");
        Files.writeString(dir.resolve("use.ts"), """
                import type { Timespec64, ListHead } from './types/interfaces/wasm-bpf-vmlinux-types';
                export const time: Timespec64 = { tvSec: 1n, tvNsec: 2n };
                export const list: ListHead = { next: time.tvSec, prev: 0n };
                """);
        assertEquals(new Result(0, ""), tsc());

        // Both judges can say no.
        Files.writeString(dir.resolve("use.ts"), """
                import type { Timespec64 } from './types/interfaces/wasm-bpf-vmlinux-types';
                export const time: Timespec64 = { tvSec: 1n, tvNsec: 'x' };
                """);
        assertNotEquals(0, tsc().status());
        Files.writeString(document, wit.replace("record timespec64 {", "record timespec64 { Not-Kebab-: u8,"));
        assertNotEquals(0, jco().status());
    }

    private Result jco() throws IOException, InterruptedException {
        return run(List.of("node_modules/.bin/jco", "types", "wit", "-o", "types", "--world-name", "vmlinux"));
    }

    /** Without the declarations themselves: jco 1.9.1 names case {@code type} of a variant as record {@code VARIANT-type}. */
    private Result tsc() throws IOException, InterruptedException {
        return run(List.of("node_modules/.bin/tsc", "--noEmit", "--strict", "--skipLibCheck", "--target", "es2020", "--moduleResolution", "node",
                "use.ts"));
    }

    private Result run(List<String> command) throws IOException, InterruptedException {
        Path output = dir.resolve("output");
        Process process = new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true)
                .redirectOutput(output.toFile()).start();
        if (!process.waitFor(300, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            return new Result(-1, String.join(" ", command) + " ran for more than five minutes");
        }
        return new Result(process.exitValue(), Files.readString(output));
    }

    private static boolean onPath(String program) {
        for (String path : System.getenv("PATH").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(path, program))) {
                return true;
            }
        }
        return false;
    }
}
