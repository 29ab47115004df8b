package wasmbpf.host.load;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

import wasmbpf.core.InsnBuffer;
import wasmbpf.host.object.ExternResolver;
import wasmbpf.host.object.ExternValues;
import wasmbpf.host.object.KernelFacts;
import wasmbpf.host.object.LinkedObject;
import wasmbpf.host.object.LinkedProgram;
import wasmbpf.host.object.MapSpec;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.host.object.ProgramLinker;
import wasmbpf.host.object.ProgramSpec;
import wasmbpf.sys.BpfAttrs.BtfLoad;
import wasmbpf.sys.BpfAttrs.ProgBindMap;
import wasmbpf.sys.BpfAttrs.ProgLoad;
import wasmbpf.sys.BpfAttrs.TokenCreate;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfFlags;
import wasmbpf.sys.BpfProgType;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.StructValue;

/**
 * Puts objects into the kernel: libbpf {@code bpf_object_prepare} and {@code bpf_object_load}, in its order of calls:
 *
 * <pre>
 * BPF_TOKEN_CREATE      if a BPF file system delegates one
 * BPF_PROG_LOAD         two instructions: does it work at all?
 * resolve externs, CO-RE, link                      no calls but for module BTFs
 * BPF_BTF_LOAD          of the object's types
 * BPF_MAP_CREATE …      each map, filled, frozen and pinned as it is made
 * BPF_PROG_LOAD …       each program, BPF_PROG_BIND_MAP of every .rodata to it
 * BPF_MAP_UPDATE_ELEM   slots of program arrays
 * </pre>
 */
public final class ObjectLoader {
    private final Kernel kernel;
    private final RunningKernel running;
    private final LoadOptions options;
    private boolean bindUnknown;

    public ObjectLoader(Kernel kernel, LoadOptions options) {
        this(kernel, RunningKernel.of(kernel), options);
    }

    /** @param running what is known of that kernel, for tests */
    public ObjectLoader(Kernel kernel, RunningKernel running, LoadOptions options) {
        this.kernel = kernel;
        this.running = running;
        this.options = options;
    }

    /**
     * Loads.
     *
     * @return to be closed by the caller
     * @throws LoadException with nothing left in the kernel
     * @throws wasmbpf.host.object.ObjectException if it needs what this kernel does not supply
     * @throws wasmbpf.core.CoreException if a CO-RE relocation cannot be made
     */
    public LoadedObject load(ObjectSpec spec) {
        return load(spec, (_, e) -> {
            throw e;
        });
    }

    /** @param refused told of each program that cannot be loaded; if it returns, those after it are loaded nonetheless */
    LoadedObject load(ObjectSpec spec, BiConsumer<ProgramSpec, LoadException> refused) {
        if (spec.byteOrder() != ByteOrder.nativeOrder()) {
            throw LoadException.of("load object \"" + spec.name() + "\"", Errno.EINVAL, "; it is "
                    + (spec.byteOrder() == ByteOrder.BIG_ENDIAN ? "big" : "little")
                    + "-endian, this machine is not: compile with -target bpf"
                    + (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? "eb" : "el"));
        }
        Fd token = createToken();
        List<LoadedMap> maps = new ArrayList<>();
        List<LoadedProgram> programs = new ArrayList<>();
        List<String> pinned = new ArrayList<>();
        Fd btf = null;
        try (LoadFacts facts = new LoadFacts(kernel, running, options, spec)) {
            int tokenFd = token == null ? -1 : token.number();
            probeLoading(spec, tokenFd);
            ExternValues externs = ExternResolver.resolve(spec, facts);
            externs.warnings().forEach(options.warnings());
            StructOps structOps = StructOps.of(spec, facts);
            LinkedObject linked = ProgramLinker.link(spec, externs, facts);
            btf = loadBtf(linked, tokenFd);
            int btfFd = btf == null ? -1 : btf.number();
            new MapCreator(kernel, running, options, btfFd, tokenFd, structOps, maps, pinned)
                    .createAll(linked);
            ProgramLoader loader = new ProgramLoader(kernel, running, options, new BtfTargets(kernel, facts), structOps,
                    spec, btfFd, tokenFd);
            for (LinkedProgram program : linked.programs()) {
                LoadedProgram loaded;
                try (JumpTables tables = JumpTables.create(kernel, program)) {
                    InsnBuffer code = ProgramLoader.withDescriptors(program, maps, tables);
                    loaded = loader.load(spec, program, code, fdArray(program), new Poisons(linked, program));
                } catch (LoadException e) {
                    refused.accept(program.program(), e);
                    continue;
                }
                programs.add(loaded);
                bindReadOnlyData(loaded, maps);
            }
            fillProgramArrays(maps, programs);
            for (LoadedMap map : maps) {
                if (structOps.layout(map.spec()) != null) {
                    map.structOpsValue(structOps.value(map.spec(), programs));
                }
            }
            if (token != null) {
                token.close();
            }
            return new LoadedObject(kernel, running, spec, externs, linked, btf, maps, programs);
        } catch (RuntimeException | Error e) {
            discard(token, btf, maps, programs, pinned, e);
            throw e;
        }
    }

    /** Undoes a load that came to nothing; what pins it made are taken back too. */
    private void discard(Fd token, Fd btf, List<LoadedMap> maps, List<LoadedProgram> programs, List<String> pinned,
                         Throwable cause) {
        Closing closing = new Closing();
        pinned.forEach(kernel::unlink);
        programs.forEach(program -> closing.close(program::close));
        maps.forEach(map -> closing.close(map::close));
        for (Fd fd : new Fd[] {btf, token}) {
            if (fd != null && fd.isOpen()) {
                closing.close(fd);
            }
        }
        try {
            closing.rethrow();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    /**
     * A token for what this process may not do itself: libbpf {@code bpf_object_prepare_token}; null if there is none
     * and nobody asked for one.
     */
    private Fd createToken() {
        String wanted = options.tokenDirectory();
        if (wanted != null && wanted.isEmpty()) {
            return null;
        }
        String path = wanted == null ? "/sys/fs/bpf" : wanted;
        String operation = "create a BPF token on " + path;
        int directory = kernel.open(path, Linux.O_RDONLY, 0);
        if (directory < 0) {
            if (wanted != null) {
                throw LoadException.of(operation, -directory, "");
            }
            return null;
        }
        try (StructValue attr = TokenCreate.STRUCT.allocate()) {
            attr.set(TokenCreate.BPFFS_FD, directory);
            int fd = kernel.bpf(BpfCommand.TOKEN_CREATE, attr);
            if (fd < 0 && wanted != null) {
                throw LoadException.of(operation, -fd,
                        "; it has to be a BPF file system mounted with delegate_cmds and the like, in this user namespace");
            }
            return fd < 0 ? null : Fd.of(kernel, fd, "BPF token");
        } finally {
            kernel.close(directory);
        }
    }

    /**
     * The smallest program there is, to tell "nothing works" from "this object does not": {@code
     * bpf_object__probe_loading}.
     */
    private void probeLoading(ObjectSpec spec, int tokenFd) {
        int result = 0;
        for (BpfProgType type : new BpfProgType[] {BpfProgType.SOCKET_FILTER, BpfProgType.TRACEPOINT}) {
            result = smallest(type, tokenFd);
            if (result == -Errno.EPERM && MemoryLimit.raise(running)) {
                result = smallest(type, tokenFd);
            }
            if (result >= 0) {
                kernel.close(result);
                return;
            }
        }
        String operation = "load BPF programs";
        if (result == -Errno.EPERM || result == -Errno.EACCES) {
            Privileges privileges = Privileges.forObject(running, spec);
            throw new LoadException(operation, -result, privileges.missing() ? privileges.advice()
                    : Privileges.refusedByPolicy(running, BpfProgType.SOCKET_FILTER), null, privileges.missing(), null);
        }
        throw LoadException.of(operation, -result, -result == Errno.ENOSYS
                ? "; this kernel has no bpf(2): CONFIG_BPF_SYSCALL" : "");
    }

    private int smallest(BpfProgType type, int tokenFd) {
        try (StructValue attr = ProgLoad.STRUCT.allocate()) {
            attr.set(ProgLoad.PROG_TYPE, type.number()).point(ProgLoad.INSNS, KernelFeatures.RETURN_0)
                    .point(ProgLoad.LICENSE, "GPL");
            if (tokenFd >= 0) {
                attr.set(ProgLoad.PROG_FLAGS, BpfFlags.BPF_F_TOKEN_FD)
                        .set(ProgLoad.PROG_TOKEN_FD, tokenFd);
            }
            int result;
            int tries = 5;
            do {
                result = kernel.bpf(BpfCommand.PROG_LOAD, attr);
            } while (result == -Errno.EAGAIN && --tries > 0);
            return result;
        }
    }

    /**
     * The object's types. They are needed by little, so an object whose types the kernel refuses is loaded without. A
     * recent kernel takes them as they are; only one that does not is asked which kinds it knows.
     */
    private Fd loadBtf(LinkedObject linked, int tokenFd) {
        if (linked.btf() == null) {
            return null;
        }
        int result = submitBtf(linked.btf(), tokenFd);
        if (result == -Errno.EPERM && MemoryLimit.raise(running)) {
            result = submitBtf(linked.btf(), tokenFd);
        }
        if (result < 0 && running.has(KernelFeatures.Feature.BTF)) {
            byte[] known = new BtfSanitizer(running.features()).sanitize(linked.btf());
            if (known != linked.btf()) {
                result = submitBtf(known, tokenFd);
            }
        }
        if (result < 0 && linked.spec().maps().stream().anyMatch(map -> map.structOps() != null)) {
            throw LoadException.of("load BTF of object \"" + linked.spec().name() + "\"", -result,
                    "; its struct_ops maps need it");
        }
        if (result < 0) {
            options.warnings().accept("load BTF of object \"" + linked.spec().name() + "\": "
                    + Errno.name(-result) + "; going on without");
            return null;
        }
        return Fd.of(kernel, result, "BTF of \"" + linked.spec().name() + "\"");
    }

    private int submitBtf(byte[] blob, int tokenFd) {
        try (StructValue attr = BtfLoad.STRUCT.allocate()) {
            attr.point(BtfLoad.BTF, blob);
            if (tokenFd >= 0) {
                attr.set(BtfLoad.BTF_FLAGS, BpfFlags.BPF_F_TOKEN_FD).set(BtfLoad.BTF_TOKEN_FD, tokenFd);
            }
            return kernel.bpf(BpfCommand.BTF_LOAD, attr);
        }
    }

    private static int[] fdArray(LinkedProgram program) {
        List<KernelFacts.Module> modules = program.fdArray();
        if (modules.isEmpty()) {
            return new int[0];
        }
        int[] fds = new int[modules.size() + 1];
        for (int i = 0; i < modules.size(); i++) {
            fds[i + 1] = ((KernelModule) modules.get(i)).fd();
        }
        return fds;
    }

    /** Lets tools find the metadata in .rodata of a program that does not use it. */
    private void bindReadOnlyData(LoadedProgram program, List<LoadedMap> maps) {
        for (LoadedMap map : maps) {
            if (map.spec().kind() == MapSpec.Kind.RODATA && !bindUnknown) {
                try (StructValue attr = ProgBindMap.STRUCT.allocate()) {
                    attr.set(ProgBindMap.PROG_FD, program.fd()).set(ProgBindMap.MAP_FD, map.fd());
                    int result = kernel.bpf(BpfCommand.PROG_BIND_MAP, attr);
                    if (result == -Errno.EINVAL) {
                        // Kernels before 5.10 do not know the command.
                        bindUnknown = true;
                    } else if (result < 0) {
                        options.warnings().accept("bind map \"" + map.spec().realName() + "\" to " + program + ": "
                                + Errno.name(-result));
                    }
                }
            }
        }
    }

    private void fillProgramArrays(List<LoadedMap> maps, List<LoadedProgram> programs) {
        for (LoadedMap map : maps) {
            for (MapSpec.Slot slot : map.spec().slots()) {
                if (slot.program() == null) {
                    continue;
                }
                for (LoadedProgram program : programs) {
                    if (program.spec() == slot.program()) {
                        MapCreator.put(kernel, map, slot.index(), program.fd(), program.toString());
                    }
                }
            }
        }
    }
}
