package wasmbpf.core;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.EssentialName;

/**
 * The types of a kernel that a type of an object may stand for: those of the same essential name and a compatible kind.
 * All from vmlinux, if it has one; only then those of the modules. libbpf {@code bpf_core_find_cands}.
 *
 * <p>Looks only for names it is asked for and remembers the answer: made once per kernel BTF and used for any number of
 * objects, from any thread. The module BTFs are asked for only when a name is not in vmlinux.
 */
public final class CandidateIndex {
    /** A type of the kernel. */
    public record Candidate(Btf btf, int typeId) {
        @Override
        public String toString() {
            return "[" + typeId + "] " + AccessSpec.typeText(btf, typeId) + " of " + btf.file();
        }
    }

    private final Btf vmlinux;
    private final Supplier<List<Btf>> modules;
    private final ConcurrentHashMap<Key, List<Candidate>> found = new ConcurrentHashMap<>();
    private volatile List<Btf> loadedModules;

    /** A record would take 15 ms of a cold JVM to build its equals and hashCode at the first use. */
    private static final class Key {
        private final String essentialName;
        private final BtfKind kind;

        Key(String essentialName, BtfKind kind) {
            this.essentialName = essentialName;
            this.kind = kind;
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Key other && kind == other.kind && essentialName.equals(other.essentialName);
        }

        @Override
        public int hashCode() {
            return essentialName.hashCode() * 31 + kind.ordinal();
        }
    }

    /** @param targets vmlinux first, then the modules, each with vmlinux as its base */
    public CandidateIndex(List<Btf> targets) {
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("no target BTF");
        }
        this.vmlinux = targets.getFirst();
        this.modules = null;
        this.loadedModules = List.copyOf(targets.subList(1, targets.size()));
    }

    /** @param modules asked at most once, when a name is missing from vmlinux; may throw what reading them throws */
    public CandidateIndex(Btf vmlinux, Supplier<List<Btf>> modules) {
        this.vmlinux = vmlinux;
        this.modules = modules;
    }

    /** The first target: vmlinux, or the file given in its stead. */
    public Btf vmlinux() {
        return vmlinux;
    }

    /**
     * The candidates for a named type of the object, in order of target and id; empty if there are none.
     *
     * @throws CoreException if the type has no name
     */
    public List<Candidate> candidates(Btf local, int localTypeId) {
        String name = local.name(localTypeId);
        if (name.isEmpty()) {
            throw new CoreException("relocations of anonymous types are not possible; give "
                    + AccessSpec.typeText(local, localTypeId) + " a name");
        }
        BtfKind kind = local.kind(localTypeId);
        Key key = new Key(EssentialName.of(name), kind == BtfKind.ENUM64 ? BtfKind.ENUM : kind);
        List<Candidate> candidates = found.get(key);
        if (candidates == null) {
            candidates = search(key);
            found.put(key, candidates);
        }
        return candidates;
    }

    private List<Candidate> search(Key key) {
        List<Candidate> candidates = new ArrayList<>();
        search(vmlinux, key, candidates);
        if (candidates.isEmpty()) {
            for (Btf module : modules()) {
                search(module, key, candidates);
            }
        }
        return candidates;
    }

    private static void search(Btf target, Key key, List<Candidate> candidates) {
        for (int id : target.idsOfEssentialName(key.essentialName)) {
            // A module's BTF also answers for its base, which has been searched already.
            if (id >= target.startId() && TypeCompatibility.kindsCompatible(key.kind, target.kind(id))) {
                candidates.add(new Candidate(target, id));
            }
        }
    }

    private List<Btf> modules() {
        List<Btf> loaded = loadedModules;
        if (loaded == null) {
            synchronized (this) {
                loaded = loadedModules;
                if (loaded == null) {
                    loaded = List.copyOf(modules.get());
                    loadedModules = loaded;
                }
            }
        }
        return loaded;
    }
}
