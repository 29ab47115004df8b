package wasmbpf.sys.replay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** How the bytes that a call reads are written into its text. */
sealed interface Payloads {
    String text(byte[] bytes);

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
     * For traces: all of it if it is small, else a digest; the bytes go to a file of that name.
     * @param directory null keeps no files
     */
    record Digested(Path directory) implements Payloads {
        static final int MOST_INLINE = 256;

        @Override
        public String text(byte[] bytes) {
            if (bytes.length <= MOST_INLINE) {
                return DataText.hex(bytes).replace('\n', ' ');
            }
            String digest = DataText.sha256(bytes);
            if (directory != null) {
                keep(directory.resolve(digest), bytes);
            }
            return "sha256:" + digest + "/" + bytes.length;
        }

        private static void keep(Path file, byte[] bytes) {
            try {
                if (!Files.exists(file)) {
                    Files.createDirectories(file.getParent());
                    Files.write(file, bytes);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
