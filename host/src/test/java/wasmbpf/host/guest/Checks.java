package wasmbpf.host.guest;

import java.util.LinkedHashMap;
import java.util.Map;

/** The checks of the matrix, in the order they run. */
final class Checks {
    /** Does something and throws if it did not work. */
    @FunctionalInterface
    interface Check {
        /** @return what is worth telling of it, or null */
        String run() throws Throwable;
    }

    private final Map<String, Check> byName = new LinkedHashMap<>();

    void add(String name, Check check) {
        if (byName.put(name, check) != null) {
            throw new IllegalArgumentException("two checks are called " + name);
        }
    }

    Map<String, Check> byName() {
        return byName;
    }
}
