package wasmbpf.host.inspect;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.host.inspect.KernelObjects.Kind;
import wasmbpf.sys.Fd;
import wasmbpf.sys.SysException;

/** Lists of programs, maps or links in bpftool's look, with who holds them and where they are pinned. */
public final class KernelListing {
    private final KernelObjects objects;
    private final Kind kind;
    private final Holders holders;
    private final Map<Integer, List<String>> pins;
    private final long bootTime;

    /** @param pinned whether to look for pins in every BPF file system of this mount namespace */
    public KernelListing(KernelObjects objects, Kind kind, boolean pinned) {
        this.objects = objects;
        this.kind = kind;
        this.holders = Holders.of(kind);
        this.pins = pinned ? pins() : Map.of();
        this.bootTime = Times.boot(objects.kernel());
    }

    /** One object, with a line feed at the end. */
    public String text(Fd fd) {
        return switch (kind) {
            case PROGRAM -> {
                KernelProgram program = KernelProgram.of(objects, fd);
                yield program.text(pins(program.id()), holders, bootTime);
            }
            case MAP -> {
                KernelMap map = KernelMap.of(objects, fd);
                yield map.text(pins(map.id()), holders);
            }
            case LINK -> {
                KernelLinkInfo link = KernelLinkInfo.of(objects, fd);
                yield link.text(pins(link.id()), holders);
            }
        };
    }

    /** One object as a row. */
    public Map<String, Object> row(Fd fd) {
        return switch (kind) {
            case PROGRAM -> {
                KernelProgram program = KernelProgram.of(objects, fd);
                yield program.row(pins(program.id()), holders, bootTime);
            }
            case MAP -> {
                KernelMap map = KernelMap.of(objects, fd);
                yield map.row(pins(map.id()), holders);
            }
            case LINK -> {
                KernelLinkInfo link = KernelLinkInfo.of(objects, fd);
                yield link.row(pins(link.id()), holders);
            }
        };
    }

    private List<String> pins(int id) {
        return pins.getOrDefault(id, List.of());
    }

    private Map<Integer, List<String>> pins() {
        Map<Integer, List<String>> found = new HashMap<>();
        try {
            for (String mount : Files.readAllLines(Path.of("/proc/mounts"))) {
                String[] fields = mount.split(" ");
                if (fields.length > 2 && fields[2].equals("bpf")) {
                    walk(Path.of(fields[1]), found);
                }
            }
        } catch (IOException e) {
            // Nobody says what is mounted: no pins are known.
        }
        return found;
    }

    private void walk(Path directory, Map<Integer, List<String>> found) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                try (Fd fd = objects.openPinned(kind, file.toString())) {
                    String id = KernelObjects.fdinfo(fd).get(kind.fdinfoKey());
                    if (id != null) {
                        found.computeIfAbsent(Integer.parseUnsignedInt(id), _ -> new ArrayList<>()).add(file.toString());
                    }
                } catch (SysException | NumberFormatException e) {
                    // Of another kind, or an iterator's text.
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
