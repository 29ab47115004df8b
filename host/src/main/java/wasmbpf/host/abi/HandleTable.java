package wasmbpf.host.abi;

import java.util.ArrayList;
import java.util.List;

/** What a guest has by handle: 1, 2, 3 …, never used again, so that an old one stays invalid. */
final class HandleTable<T> {
    private final List<T> objects = new ArrayList<>();

    long add(T object) {
        objects.add(object);
        return objects.size();
    }

    /** What it stands for, or null for a handle that never was or is closed. */
    T get(long handle) {
        return handle >= 1 && handle <= objects.size() ? objects.get((int) handle - 1) : null;
    }

    T remove(long handle) {
        T object = get(handle);
        if (object != null) {
            objects.set((int) handle - 1, null);
        }
        return object;
    }

    /** Those still open, the latest first: later ones may use earlier ones. */
    List<T> open() {
        List<T> open = new ArrayList<>();
        for (int i = objects.size() - 1; i >= 0; i--) {
            if (objects.get(i) != null) {
                open.add(objects.get(i));
            }
        }
        return open;
    }
}
