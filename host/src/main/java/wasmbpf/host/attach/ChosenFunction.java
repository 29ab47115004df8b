package wasmbpf.host.attach;

import java.io.IOException;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Functions of the C library that have several implementations (STT_GNU_IFUNC), such as {@code strlen}: the symbol is
 * that of a function which chooses one when a process loads the library. The choice depends on the processor, so this
 * process's is that of the machine.
 */
final class ChosenFunction {
    private ChosenFunction() {
    }

    /**
     * Where the implementation this process uses starts in the file, or -1 if the file is not the C library that this
     * process has loaded (another copy, as in a container, is laid out otherwise).
     */
    static long fileOffset(String path, String name) {
        long address = Linker.nativeLinker().defaultLookup().find(name).map(MemorySegment::address).orElse(0L);
        if (address == 0) {
            return -1;
        }
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
                // start-end r-xp offset device inode path
                String[] words = line.split(" +", 6);
                int dash = words[0].indexOf('-');
                long from = Long.parseUnsignedLong(words[0].substring(0, dash), 16);
                long to = Long.parseUnsignedLong(words[0].substring(dash + 1), 16);
                if (Long.compareUnsigned(address, from) >= 0 && Long.compareUnsigned(address, to) < 0) {
                    boolean inFile = words.length == 6 && words[5].startsWith("/")
                            && Files.isSameFile(Path.of(words[5]), Path.of(path));
                    return inFile ? address - from + Long.parseUnsignedLong(words[2], 16) : -1;
                }
            }
        } catch (IOException e) {
            // A library that was replaced since: what is loaded is not what the file has.
        }
        return -1;
    }
}
