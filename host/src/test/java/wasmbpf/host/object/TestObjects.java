package wasmbpf.host.object;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The objects of src/test/resources/object, made by its script {@code build}. */
final class TestObjects {
    private TestObjects() {
    }

    static byte[] bytes(String file) {
        try (InputStream in = TestObjects.class.getResourceAsStream("/object/" + file)) {
            if (in == null) {
                throw new AssertionError("no test resource object/" + file);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ObjectSpec read(String object) {
        return read(object, ReadOptions.DEFAULT);
    }

    static ObjectSpec read(String object, ReadOptions options) {
        String file = object.substring(object.lastIndexOf('/') + 1) + ".bpf.o";
        return ObjectReader.read(file, bytes(object + ".bpf.o"), options);
    }
}
