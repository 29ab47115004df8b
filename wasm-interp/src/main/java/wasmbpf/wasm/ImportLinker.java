package wasmbpf.wasm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a module's imports can be bound to. An import is bound by module, name and declared type: host functions of
 * different types may share a name. Reusable for many instances; one thread at a time.
 */
public final class ImportLinker {
    /** Asked for functions that nothing was added for. */
    @FunctionalInterface
    public interface Fallback {
        /** The function, or null if there is none. */
        HostFunction find(String module, String name, FuncType type);
    }

    // Written out: what javac generates for a record sets up method handles, 7 ms at its first use.
    private record Key(String module, String name) {
        @Override
        public boolean equals(Object o) {
            return o instanceof Key other && module.equals(other.module) && name.equals(other.name);
        }

        @Override
        public int hashCode() {
            return 31 * module.hashCode() + name.hashCode();
        }
    }

    private final Map<Key, List<HostFunction>> functions = new HashMap<>();
    private final Map<Key, Extern> externs = new HashMap<>();
    private Fallback fallback;

    /** A linker that knows nothing yet. */
    public ImportLinker() {
    }

    /** A later function of the same name and type replaces the earlier one. */
    public ImportLinker add(HostFunction function) {
        List<HostFunction> known =
                functions.computeIfAbsent(new Key(function.module(), function.name()), key -> new ArrayList<>(1));
        known.removeIf(f -> f.type().equals(function.type()));
        known.add(function);
        return this;
    }

    /** A function, memory, table, global or tag; replaces what was added under this name before. */
    public ImportLinker add(String module, String name, Extern extern) {
        externs.put(new Key(module, name), extern);
        return this;
    }

    /** Everything an instance exports, under a module name. */
    public ImportLinker add(String module, Instance instance) {
        for (Export export : instance.module().exports()) {
            add(module, export.name(), instance.export(export.name()));
        }
        return this;
    }

    public ImportLinker fallback(Fallback fallback) {
        this.fallback = fallback;
        return this;
    }

    /** What an import of {@code instance} is bound to. @throws LinkException if nothing fits */
    Extern resolve(Instance instance, int functionIndex, Import wanted) {
        Key key = new Key(wanted.module(), wanted.name());
        List<HostFunction> hosts = functions.get(key);
        Extern extern = externs.get(key);
        if (wanted.type() instanceof ExternType.Func func) {
            HostFunction host = find(hosts, func.type());
            if (host == null && extern == null && fallback != null) {
                host = fallback.find(wanted.module(), wanted.name(), func.type().func());
                if (host != null && host.defType() != func.type()) {
                    throw new IllegalStateException("the fallback gave " + host + " for " + text(wanted));
                }
            }
            if (host != null) {
                return new HostBinding(instance, host, functionIndex);
            }
        }
        if (extern == null) {
            throw new LinkException(hosts == null ? "unknown import: " + text(wanted)
                    : "incompatible import type: " + text(wanted) + ", the host has " + hosts);
        }
        if (!matches(extern.externType(), wanted.type())) {
            throw new LinkException("incompatible import type: " + text(wanted) + ", given " + extern.externType());
        }
        Instance.link(extern);
        return extern;
    }

    private static HostFunction find(List<HostFunction> hosts, DefType type) {
        if (hosts != null) {
            for (HostFunction host : hosts) {
                if (host.defType().isSubtypeOf(type)) {
                    return host;
                }
            }
        }
        return null;
    }

    private static String text(Import wanted) {
        String type = wanted.type() instanceof ExternType.Func func ? func.type().func().toString()
                : wanted.type().toString();
        return wanted.type().kind() + " " + WasmText.quote(wanted.module()) + " " + WasmText.quote(wanted.name()) + " " + type;
    }

    /** External subtyping, section 3.3.10 of the specification. */
    private static boolean matches(ExternType given, ExternType wanted) {
        return switch (wanted) {
            case ExternType.Func w -> given instanceof ExternType.Func g && g.type().isSubtypeOf(w.type());
            case ExternType.Tag w -> given instanceof ExternType.Tag g && g.type() == w.type();
            case GlobalType w -> given instanceof GlobalType g && g.mutable() == w.mutable()
                    && (w.mutable() ? g.type().equals(w.type()) : g.type().isSubtypeOf(w.type()));
            case TableType w -> given instanceof TableType g && g.element().equals(w.element())
                    && g.table64() == w.table64() && limits(g.min(), g.hasMax(), g.max(), w.min(), w.hasMax(), w.max());
            case MemoryType w -> given instanceof MemoryType g && g.memory64() == w.memory64()
                    && g.shared() == w.shared() && g.pageSizeLog2() == w.pageSizeLog2()
                    && limits(g.min(), g.hasMax(), g.max(), w.min(), w.hasMax(), w.max());
        };
    }

    private static boolean limits(long min, boolean hasMax, long max, long wantedMin, boolean wantsMax,
            long wantedMax) {
        return Long.compareUnsigned(min, wantedMin) >= 0
                && (!wantsMax || hasMax && Long.compareUnsigned(max, wantedMax) <= 0);
    }
}
