package wasmbpf.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import wasmbpf.host.attach.Attacher;
import wasmbpf.host.attach.Link;
import wasmbpf.host.buffer.EventBuffer;
import wasmbpf.host.buffer.Poller;
import wasmbpf.host.load.LoadException;
import wasmbpf.host.load.LoadedMap;
import wasmbpf.host.load.LoadOptions;
import wasmbpf.host.load.LoadedObject;
import wasmbpf.host.load.ObjectLoader;
import wasmbpf.host.object.MapSpec;
import wasmbpf.host.object.ObjectReader;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.host.object.ProgramSpec;
import wasmbpf.host.object.ReadOptions;
import wasmbpf.host.object.Variable;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.LinuxKernel;

/**
 * A BPF object file: opened, changed, loaded, attached.
 *
 * <pre>{@code
 * try (BpfObject object = BpfObject.open(Path.of("bootstrap.bpf.o"))) {
 *     object.map("rb").spec().maxEntries(1 << 20);
 *     object.variable("min_duration_ns").set(1_000_000);
 *     object.load();
 *     object.program("handle_exec").attach();
 *     RingBuffer events = object.map("rb").ringBuffer();
 *     Poller poller = object.poller(events);
 *     while (poller.poll(-1, (address, size) -> handle(events.view(address, size))) >= 0) { }
 * }
 * }</pre>
 *
 * <p>Not thread safe. Closing it detaches every link made through it, and closes its buffers, programs and maps.
 */
public final class BpfObject implements AutoCloseable {
    private final ObjectSpec spec;
    private final List<BpfMap> maps = new ArrayList<>();
    private final List<BpfProgram> programs = new ArrayList<>();
    private Kernel own;
    private LoadedObject loaded;
    private Attacher attacher;
    private boolean closed;

    private BpfObject(ObjectSpec spec) {
        this.spec = spec;
        for (MapSpec map : spec.maps()) {
            maps.add(new BpfMap(this, map));
        }
        for (ProgramSpec program : spec.programs()) {
            if (!program.subprogram()) {
                programs.add(new BpfProgram(this, program));
            }
        }
    }

    /**
     * Reads an object file; the kernel is not asked for anything.
     *
     * @throws UncheckedIOException if it cannot be read
     * @throws wasmbpf.elf.FormatException if it is damaged
     * @throws wasmbpf.host.object.ObjectException if it means something that cannot be
     */
    public static BpfObject open(Path file) {
        try {
            return open(file.getFileName().toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link #open(Path)}. {@code name}: the file's name, which starts those of data section maps. */
    public static BpfObject open(String name, byte[] elf) {
        return new BpfObject(ObjectReader.read(name, elf));
    }

    /** As {@link #open(String, byte[])}, read as the options say. */
    public static BpfObject open(String name, byte[] elf, ReadOptions options) {
        return new BpfObject(ObjectReader.read(name, elf, options));
    }

    /** What the file says, changeable until {@link #load}. */
    public ObjectSpec spec() {
        return spec;
    }

    public String name() {
        return spec.name();
    }

    /** Maps in the order of their creation. */
    public List<BpfMap> maps() {
        return List.copyOf(maps);
    }

    /** Programs in the order of the file, without subprograms. */
    public List<BpfProgram> programs() {
        return List.copyOf(programs);
    }

    /** @throws IllegalArgumentException naming the maps there are */
    public BpfMap map(String name) {
        BpfMap found = findMap(name);
        if (found == null) {
            throw new IllegalArgumentException("object \"" + name() + "\" has no map \"" + name + "\" but "
                    + maps.stream().map(BpfMap::name).toList());
        }
        return found;
    }

    /**
     * The map of that name, or of that section ({@code .bss}), or, for a name like {@code bootstra.bss} that libbpf
     * would have given it, the only map of that kind; else null.
     */
    public BpfMap findMap(String name) {
        MapSpec found = spec.map(name);
        if (found == null) {
            int dot = name.lastIndexOf('.');
            String suffix = dot < 0 ? "" : name.substring(dot);
            for (MapSpec map : spec.maps()) {
                if (map.internal() && map.realName().equals(suffix)) {
                    found = map;
                }
            }
        }
        for (BpfMap map : maps) {
            if (map.spec() == found && found != null) {
                return map;
            }
        }
        return null;
    }

    /** @throws IllegalArgumentException naming the programs there are */
    public BpfProgram program(String name) {
        BpfProgram found = findProgram(name);
        if (found == null) {
            throw new IllegalArgumentException("object \"" + name() + "\" has no program \"" + name + "\" but "
                    + programs.stream().map(BpfProgram::name).toList());
        }
        return found;
    }

    /** The program of that name, or null. */
    public BpfProgram findProgram(String name) {
        for (BpfProgram program : programs) {
            if (program.name().equals(name)) {
                return program;
            }
        }
        return null;
    }

    /**
     * A global variable, or a part of one ({@code config.limits[2]}): constants are set before {@link #load}, others at any
     * time.
     *
     * @throws IllegalArgumentException if there is none
     */
    public BpfVariable variable(String name) {
        int end = 0;
        while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
            end++;
        }
        String whole = name.substring(0, end);
        List<String> all = new ArrayList<>();
        for (MapSpec map : spec.maps()) {
            for (Variable variable : map.variables()) {
                if (variable.name().equals(whole)) {
                    return BpfVariable.of(this, variable).member(name.substring(end));
                }
                all.add(variable.name());
            }
        }
        throw new IllegalArgumentException("object \"" + name() + "\" has no global variable \"" + whole + "\" but " + all);
    }

    /** The map made from that specification. @throws IllegalStateException if it was not created */
    LoadedMap loaded(MapSpec map) {
        LoadedMap found = loaded().map(map);
        if (found == null) {
            throw new IllegalStateException("map \"" + map.realName() + "\" was not created: its autocreate is off");
        }
        return found;
    }

    /**
     * Pins every map and program below a folder of bpffs, which is made: libbpf {@code bpf_object__pin}. If one cannot be
     * pinned, those before it are unpinned again.
     *
     * @return the paths, maps first
     */
    public List<String> pin(String directory) {
        List<String> pinned = new ArrayList<>();
        try {
            Pins.makeDirectory(loaded().kernel(), directory);
            for (BpfMap map : maps) {
                if (loaded.map(map.spec()) != null) {
                    // bpffs takes no dots in names, which data sections have.
                    String path = directory + "/" + map.spec().name().replace('.', '_');
                    map.pin(path);
                    pinned.add(path);
                }
            }
            for (BpfProgram program : programs) {
                if (program.spec().autoload()) {
                    String path = directory + "/" + program.name();
                    program.pin(path);
                    pinned.add(path);
                }
            }
            return pinned;
        } catch (RuntimeException e) {
            pinned.forEach(path -> loaded.kernel().unlink(path));
            throw e;
        }
    }

    /** Takes back what {@link #pin} made; what is not there is passed over. */
    public void unpin(String directory) {
        for (BpfMap map : maps) {
            Pins.unpin(loaded().kernel(), directory + "/" + map.spec().name().replace('.', '_'));
        }
        for (BpfProgram program : programs) {
            Pins.unpin(loaded().kernel(), directory + "/" + program.name());
        }
        loaded.kernel().rmdir(directory);
    }

    /** Loads into the running kernel. @throws LoadException with nothing left in the kernel */
    public BpfObject load() {
        own = LinuxKernel.open();
        return load(own, LoadOptions.DEFAULT);
    }

    public BpfObject load(Kernel kernel) {
        return load(kernel, LoadOptions.DEFAULT);
    }

    /** @param kernel stays the caller's, and open for as long as this object is */
    public BpfObject load(Kernel kernel, LoadOptions options) {
        if (loaded != null || closed) {
            throw new IllegalStateException("object \"" + name() + "\" is " + (closed ? "closed" : "loaded already"));
        }
        loaded = new ObjectLoader(kernel, options).load(spec);
        attacher = new Attacher(loaded);
        return this;
    }

    public boolean isLoaded() {
        return loaded != null && !closed;
    }

    /** What is in the kernel. @throws IllegalStateException if it is not loaded, or closed */
    public LoadedObject loaded() {
        if (!isLoaded()) {
            throw new IllegalStateException("object \"" + name() + "\" is " + (closed ? "closed" : "not loaded"));
        }
        return loaded;
    }

    /** Attaches this object's programs to targets that {@link BpfProgram#attach(String)} cannot name. */
    public Attacher attacher() {
        loaded();
        return attacher;
    }

    /**
     * Attaches every program whose section says where, and every struct_ops map; programs that need a target are left
     * out. If one fails, those attached before it are detached.
     */
    public List<Link> attach() {
        return attacher().attachAll();
    }

    /** A poller over buffers of this object, closed with it. */
    public Poller poller(EventBuffer... buffers) {
        var poller = new Poller(loaded().kernel());
        try {
            for (var buffer : buffers) {
                poller.add(buffer);
            }
        } catch (RuntimeException e) {
            poller.close();
            throw e;
        }
        return loaded.keep(poller, poller::isOpen);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (loaded != null) {
                loaded.close();
            }
        } finally {
            if (own != null) {
                own.close();
            }
        }
    }
}
