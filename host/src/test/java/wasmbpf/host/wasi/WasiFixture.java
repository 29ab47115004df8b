package wasmbpf.host.wasi;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.wasm.HostFunction;
import wasmbpf.wasm.ImportLinker;
import wasmbpf.wasm.Instance;
import wasmbpf.wasm.InstanceOptions;
import wasmbpf.wasm.LinearMemory;
import wasmbpf.wasm.WasmModule;

/**
 * A guest that is nothing but two pages of memory, with WASI's functions to be called by name as its code would call
 * them, on the real kernel. It has no standard streams: those of a test's JVM belong to the test runner.
 */
final class WasiFixture implements AutoCloseable {
    /** {@code (module (memory 2))}. */
    private static final byte[] TWO_PAGES = {0, 'a', 's', 'm', 1, 0, 0, 0, 5, 3, 1, 0, 2};
    static final int MEMORY_SIZE = 2 * 65536;
    /** Where results of calls are put unless the test says otherwise. */
    static final int OUT = 0x100;
    /** Where {@link #text} puts strings. */
    private static final int TEXT = 0x1000;

    final FileCalls files = new FileCalls(LinuxKernel.open());
    final Interruption interruption = new Interruption(files);
    final Wasi wasi;
    final Instance instance;
    final LinearMemory memory;
    private int textEnd = TEXT;

    private WasiFixture(WasiOptions options) {
        try {
            wasi = new Wasi(LinuxKernel.open(), options, interruption);
        } catch (PreopenException e) {
            throw new AssertionError(e);
        }
        for (int fd = 0; fd <= 2; fd++) {
            Descriptor stream = wasi.descriptors().get(fd);
            if (stream != null) {
                wasi.descriptors().remove(stream);
            }
        }
        instance = Instance.instantiate(WasmModule.decode("two-pages", TWO_PAGES), new ImportLinker(), InstanceOptions.DEFAULT);
        memory = instance.memory(0);
    }

    static WasiFixture plain(List<String> arguments, List<String> environment) {
        return new WasiFixture(new WasiOptions(arguments, environment, List.of(), false));
    }

    /** With {@code directory} as descriptor 3, known as {@code /data}. */
    static WasiFixture with(Path directory) {
        return with(new Preopen(directory.toString(), "/data", false));
    }

    static WasiFixture with(Preopen... preopens) {
        return new WasiFixture(new WasiOptions(List.of("guest"), List.of(), List.of(preopens), false));
    }

    /** Calls a function and returns what it answers. */
    int call(String name, long... args) {
        return call(Snapshot.PREVIEW_1, name, args);
    }

    int call(Snapshot snapshot, String name, long... args) {
        WasiFunction function = WasiFunction.named(name);
        HostFunction host = wasi.resolve(snapshot.module, name, function.type());
        assert args.length == function.type().params().size() : name + Arrays.toString(args);
        return (int) host.code().call(instance, args);
    }

    /** Puts a string into guest memory and returns its address. */
    int text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int at = textEnd;
        memory.write(at, bytes);
        textEnd += bytes.length + 1;
        if (textEnd > MEMORY_SIZE - 0x8000) {
            textEnd = TEXT;
        }
        return at;
    }

    /** Puts one (pointer, length) pair into guest memory and returns its address. */
    int iovec(int pointer, int length) {
        int at = textEnd + 7 & ~7;
        memory.putInt(at, pointer);
        memory.putInt(at + 4, length);
        textEnd = at + 8;
        return at;
    }

    int i32(int at) {
        return memory.getInt(at);
    }

    long i64(int at) {
        return memory.getLong(at);
    }

    String string(int at, int length) {
        return new String(memory.bytes(at, length), StandardCharsets.UTF_8);
    }

    /** path_open beneath descriptor 3, links followed. */
    int open(String path, int oflags, long rights, int fdflags) {
        return call("path_open", 3, 1, text(path), path.getBytes(StandardCharsets.UTF_8).length, oflags, rights, rights,
                fdflags, OUT);
    }

    /** A descriptor of a file to read and write, made when it is not there. */
    int create(String path) {
        int errno = open(path, 1, Rights.FILE, 0);
        if (errno != 0) {
            throw new AssertionError(path + ": errno " + errno);
        }
        return i32(OUT);
    }

    /** A call that takes (directory, path, length) only. */
    int path(String name, String path) {
        return call(name, 3, text(path), path.getBytes(StandardCharsets.UTF_8).length);
    }

    /** Names in a directory, by fd_readdir with a buffer of that size. */
    List<String> names(int fd, int bufferSize) {
        List<String> names = new ArrayList<>();
        long cookie = 0;
        int buffer = MEMORY_SIZE - 0x4000;
        while (true) {
            int errno = call("fd_readdir", fd, buffer, bufferSize, cookie, OUT);
            if (errno != 0) {
                throw new AssertionError("errno " + errno);
            }
            int used = i32(OUT);
            int at = 0;
            while (at + 24 <= used && at + 24 + i32(buffer + at + 16) <= used) {
                names.add(string(buffer + at + 24, i32(buffer + at + 16)));
                cookie = i64(buffer + at);
                at += 24 + i32(buffer + at + 16);
            }
            if (used < bufferSize) {
                return names;
            }
            if (at == 0) {
                throw new AssertionError("buffer of " + bufferSize + " holds no entry");
            }
        }
    }

    @Override
    public void close() {
        wasi.close();
        interruption.close();
        instance.close();
    }
}
