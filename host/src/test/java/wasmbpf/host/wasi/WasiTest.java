package wasmbpf.host.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.wasm.FuncType;
import wasmbpf.wasm.HostFunction;
import wasmbpf.wasm.ValType;

class WasiTest {
    /** The functions of wasi_snapshot_preview1.witx, the snapshot of 2020 with sock_accept of 2021. */
    private static final List<String> PREVIEW1 = List.of("args_get", "args_sizes_get", "environ_get", "environ_sizes_get",
            "clock_res_get", "clock_time_get", "fd_advise", "fd_allocate", "fd_close", "fd_datasync", "fd_fdstat_get",
            "fd_fdstat_set_flags", "fd_fdstat_set_rights", "fd_filestat_get", "fd_filestat_set_size",
            "fd_filestat_set_times", "fd_pread", "fd_prestat_get", "fd_prestat_dir_name", "fd_pwrite", "fd_read",
            "fd_readdir", "fd_renumber", "fd_seek", "fd_sync", "fd_tell", "fd_write", "path_create_directory",
            "path_filestat_get", "path_filestat_set_times", "path_link", "path_open", "path_readlink",
            "path_remove_directory", "path_rename", "path_symlink", "path_unlink_file", "poll_oneoff", "proc_exit",
            "proc_raise", "sched_yield", "random_get", "sock_accept", "sock_recv", "sock_send", "sock_shutdown");

    @Test
    void everyFunctionOfPreview1IsThere() {
        TreeSet<String> ours = new TreeSet<>();
        for (WasiFunction f : WasiFunction.values()) {
            ours.add(f.wasmName);
        }
        assertEquals(new TreeSet<>(PREVIEW1), ours);
    }

    @Test
    void anImportIsBoundByItsType() {
        try (WasiFixture f = WasiFixture.plain(List.of("x"), List.of())) {
            FuncType seek = new FuncType(List.of(ValType.I32, ValType.I64, ValType.I32, ValType.I32), List.of(ValType.I32));
            HostFunction found = f.wasi.resolve("wasi_snapshot_preview1", "fd_seek", seek);
            assertEquals(List.of("fd", "offset", "whence", "newoffset"), found.paramNames());
            FuncType wrong = new FuncType(List.of(ValType.I32), List.of(ValType.I32));
            assertNull(f.wasi.resolve("wasi_snapshot_preview1", "fd_seek", wrong));
            assertNull(f.wasi.resolve("wasi_snapshot_preview2", "fd_seek", seek));
            assertNull(f.wasi.resolve("env", "fd_seek", seek));
        }
    }

    @Test
    void anUnknownFunctionLinksAndAnswersEnosysWithOneWarning() {
        PrintStream stderr = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (WasiFixture f = WasiFixture.plain(List.of("x"), List.of())) {
            FuncType type = new FuncType(List.of(ValType.I32, ValType.I64), List.of(ValType.I32));
            HostFunction missing = f.wasi.resolve("wasi_snapshot_preview1", "sock_open", type);
            assertNotNull(missing);
            System.setErr(new PrintStream(said, true));
            assertEquals(WasiErrno.NOSYS, missing.code().call(f.instance, new long[2]));
            assertEquals(WasiErrno.NOSYS, missing.code().call(f.instance, new long[2]));
            assertNull(f.wasi.resolve("wasi_snapshot_preview1", "sock_open", new FuncType(List.of(), List.of(ValType.I64))));
        } finally {
            System.setErr(stderr);
        }
        String text = said.toString();
        assertEquals(1, text.lines().count(), text);
        assertTrue(text.contains("wasi_snapshot_preview1.sock_open") && text.contains("ENOSYS"), text);
    }

    @Test
    void aPreopenThatIsNoDirectoryIsNamed() throws Exception {
        Path file = Files.createTempFile("wasi", "file");
        try {
            for (String host : List.of(file.toString(), "/nowhere/at/all")) {
                WasiOptions options = new WasiOptions(List.of(), List.of(), List.of(new Preopen(host, "/d", false)), false);
                FileCalls files = new FileCalls(LinuxKernel.open());
                try (Interruption interruption = new Interruption(files)) {
                    PreopenException e = assertThrows(PreopenException.class,
                            () -> new Wasi(LinuxKernel.open(), options, interruption));
                    assertTrue(e.getMessage().startsWith("--dir " + host + ": E"), e.getMessage());
                }
            }
        } finally {
            Files.delete(file);
        }
    }

    @Provide
    Arbitrary<Long> numbers() {
        return Arbitraries.oneOf(
                Arbitraries.of(0L, 1L, 2L, 3L, 4L, 5L, -1L, 0xffffL, 0x10000L, 0x1fff8L, 0x1ffffL, 0x20000L, 0x7fffffffL,
                        -0x80000000L, Long.MAX_VALUE, Long.MIN_VALUE),
                Arbitraries.longs().between(0, 0x20010), Arbitraries.longs());
    }

    /** Whatever a guest passes, the answer is a number. Left out: what ends the guest, and what may sleep on purpose. */
    @Property(tries = 800)
    void noArgumentsBreakAFunction(@ForAll("functions") WasiFunction function,
            @ForAll("arguments") List<Long> arguments, @ForAll byte fill) throws Exception {
        Path dir = Files.createTempDirectory("wasi-hostile");
        try (WasiFixture f = WasiFixture.with(dir)) {
            f.create("a");
            f.memory.fill(0x200, 0x100, fill);
            f.memory.write(0x400, "a/../b\0..".getBytes());
            int n = function.type().params().size();
            long[] args = new long[n];
            for (int i = 0; i < n; i++) {
                boolean wide = function.type().params().get(i) == ValType.I64;
                args[i] = wide ? arguments.get(i) : (int) (long) arguments.get(i);
            }
            int errno = f.call(function.wasmName, args);
            assertTrue(errno >= 0 && errno <= 76, function + " " + arguments + " gave " + errno);
        } finally {
            try (var paths = Files.walk(dir)) {
                for (Path p : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(p);
                }
            }
        }
    }

    @Provide
    Arbitrary<List<Long>> arguments() {
        return numbers().list().ofSize(9);
    }

    @Provide
    Arbitrary<WasiFunction> functions() {
        return Arbitraries.of(WasiFunction.class).filter(f -> f.family != WasiFunction.Family.POLL
                && f != WasiFunction.PROC_EXIT && f != WasiFunction.PROC_RAISE);
    }
}
