package wasmbpf.host.gen;

import java.io.InputStream;
import java.util.List;

/** The headers that guests are compiled with; they travel in the jar, so that one file is the whole SDK. */
public final class GuestHeaders {
    /** Paths below the include folder. */
    public static final List<String> NAMES = List.of("libbpf-wasm.h");

    private GuestHeaders() {}

    /** The header's bytes; the caller closes the stream. */
    public static InputStream open(String name) {
        InputStream in = GuestHeaders.class.getResourceAsStream("/wasmbpf/guest/include/" + name);
        if (in == null) {
            throw new IllegalStateException("header " + name + " is not in the jar");
        }
        return in;
    }
}
