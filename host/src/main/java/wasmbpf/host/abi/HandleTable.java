package wasmbpf.host.abi;

import java.util.ArrayList;
import java.util.List;

/** The objects a guest has loaded, by handle: 1, 2, 3 …, never used again, so that an old one stays invalid. */
final class HandleTable {
    private final List<GuestObject> objects = new ArrayList<>();

    long add(GuestObject object) {
        objects.add(object);
        return objects.size();
    }

    /** The object, or null for a handle that never was or is closed. */
    GuestObject get(long handle) {
        return handle >= 1 && handle <= objects.size() ? objects.get((int) handle - 1) : null;
    }

    GuestObject remove(long handle) {
        GuestObject object = get(handle);
        if (object != null) {
            objects.set((int) handle - 1, null);
        }
        return object;
    }

    /** Those still open, the latest first: later objects may use maps of earlier ones. */
    List<GuestObject> open() {
        List<GuestObject> open = new ArrayList<>();
        for (int i = objects.size() - 1; i >= 0; i--) {
            if (objects.get(i) != null) {
                open.add(objects.get(i));
            }
        }
        return open;
    }
}
