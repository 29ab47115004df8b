package wasmbpf.sys.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** How the bytes that a call reads are written into its text. */
sealed interface Payloads {
    /** Larger inputs are in a trace as digests only. */
    int MOST_INLINE = 256;

    String text(byte[] bytes);

    private static String digested(byte[] bytes) {
        return bytes.length <= MOST_INLINE ? DataText.hex(bytes).replace('\n', ' ')
                : "sha256:" + DataText.sha256(bytes) + "/" + bytes.length;
    }

    /** For people: the first bytes, and how many there are. */
    record Shortened(int most) implements Payloads {
        @Override
        public String text(byte[] bytes) {
            if (bytes.length <= most) {
                return "0x" + HexFormat.of().formatHex(bytes);
            }
            return "0x" + HexFormat.of().formatHex(bytes, 0, most) + "…/" + bytes.length;
        }
    }

    /**
     * For recording: all of it if it is small, else a digest; the bytes go to a file of that name.
     * @param directory null keeps no files
     */
    record Kept(Path directory) implements Payloads {
        @Override
        public String text(byte[] bytes) {
            String text = digested(bytes);
            if (directory != null && bytes.length > MOST_INLINE) {
                keep(directory.resolve(digest(text)), bytes);
            }
            return text;
        }

        private static void keep(Path file, byte[] bytes) {
            try {
                if (!Files.exists(file)) {
                    Files.createDirectories(file.getParent());
                    Files.write(file, bytes);
                }
            } catch (IOException e) {
                throw RecordingKernel.unwritten(file.toString(), e);
            }
        }
    }

    /** For replaying: the same text, and on a mismatch a look at the bytes behind the digests. */
    final class Compared implements Payloads {
        private final Path directory;
        private final Map<String, byte[]> made = new HashMap<>();

        /** @param directory where a recorder kept the bytes, or null */
        Compared(Path directory) {
            this.directory = directory;
        }

        @Override
        public String text(byte[] bytes) {
            String text = digested(bytes);
            if (bytes.length > MOST_INLINE) {
                made.put(text, bytes);
            }
            return text;
        }

        /** Forgets the bytes of the call before. */
        void begin() {
            made.clear();
        }

        /**
         * Where the bytes behind two digests part.
         * @return empty if that cannot be told
         */
        String difference(String recorded, String now) {
            byte[] ours = made.get(now);
            if (directory == null || ours == null || !recorded.matches("sha256:[0-9a-f]{64}/\\d+")) {
                return "";
            }
            byte[] theirs;
            try {
                theirs = Files.readAllBytes(directory.resolve(digest(recorded)));
            } catch (IOException e) {
                return "";
            }
            int at = Arrays.mismatch(theirs, ours);
            return at < 0 ? "" : "bytes differ from " + at + " on: trace has " + some(theirs, at) + ", loader "
                    + some(ours, at);
        }

        private static String some(byte[] bytes, int at) {
            return at >= bytes.length ? "no more"
                    : HexFormat.of().formatHex(bytes, at, Math.min(bytes.length, at + 16));
        }
    }

    private static String digest(String text) {
        return text.substring("sha256:".length(), text.indexOf('/'));
    }
}
