package wasmbpf.wasm;

import java.util.List;
import java.util.Objects;

/**
 * A function the host gives to guests, declared once: names and types serve the link check, call traces and the
 * prototypes that generators print. Immutable; the code decides about threads.
 */
public final class HostFunction {
    private final String module;
    private final String name;
    private final DefType type;
    private final List<String> paramNames;
    private final HostCode code;
    private final HostValueCode valueCode;

    private HostFunction(String module, String name, DefType type, List<String> paramNames, HostCode code,
            HostValueCode valueCode) {
        this.module = Objects.requireNonNull(module);
        this.name = Objects.requireNonNull(name);
        this.type = type;
        this.paramNames = List.copyOf(paramNames);
        this.code = code;
        this.valueCode = valueCode;
        if (this.paramNames.size() != type.func().params().size()) {
            throw new IllegalArgumentException(module + "." + name + ": " + paramNames.size() + " names for "
                    + type.func().params().size() + " parameters");
        }
    }

    /**
     * A function of numbers with at most one result.
     *
     * @throws IllegalArgumentException if the type has references, vectors or more than one result
     */
    public static HostFunction of(String module, String name, FuncType type, List<String> paramNames, HostCode code) {
        Layout layout = Layout.of(type);
        if (layout.hasRefs() || layout.hasVectors() || type.results().size() > 1) {
            throw new IllegalArgumentException(module + "." + name + ": " + type + " needs HostFunction.ofValues");
        }
        return new HostFunction(module, name, DefType.of(type), paramNames, Objects.requireNonNull(code), null);
    }

    /** A function of any type. */
    public static HostFunction ofValues(String module, String name, FuncType type, List<String> paramNames,
            HostValueCode code) {
        return new HostFunction(module, name, DefType.of(type), paramNames, null, Objects.requireNonNull(code));
    }

    public String module() {
        return module;
    }

    public String name() {
        return name;
    }

    public FuncType type() {
        return type.func();
    }

    DefType defType() {
        return type;
    }

    public List<String> paramNames() {
        return paramNames;
    }

    /** The code, or null if this is an {@link #ofValues} function. */
    public HostCode code() {
        return code;
    }

    /** The code, or null if this is an {@link #of} function. */
    public HostValueCode valueCode() {
        return valueCode;
    }

    @Override
    public String toString() {
        return module + "." + name + type.func();
    }
}
