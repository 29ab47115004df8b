package wasmbpf.host.inspect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which processes hold objects open, found in /proc/PID/fdinfo. A process that ends meanwhile, or that this one may not
 * look into, is left out.
 */
final class Holders {
    private final Map<Integer, TreeMap<Integer, String>> byId = new HashMap<>();

    private Holders() {
    }

    static Holders of(KernelObjects.Kind kind) {
        Holders holders = new Holders();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                int pid = Integer.parseInt(process.getFileName().toString());
                if (pid != ProcessHandle.current().pid()) {
                    holders.look(kind, pid, process);
                }
            }
        } catch (IOException | DirectoryIteratorException | NumberFormatException e) {
            // No /proc: nobody is known.
        }
        return holders;
    }

    private void look(KernelObjects.Kind kind, int pid, Path process) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                String target = Files.readSymbolicLink(descriptor).toString();
                // anon_inode:bpf-map, bpf-prog, bpf_link; "[perf_event]" holds none by id.
                if (!target.startsWith("anon_inode:bpf")) {
                    continue;
                }
                String id = KernelObjects.fdinfo(process.resolve("fdinfo").resolve(descriptor.getFileName()))
                        .get(kind.fdinfoKey());
                // A link's lines name its program too; a holder of the link is not one of the program.
                if (id != null && (kind != KernelObjects.Kind.PROGRAM || target.endsWith("prog"))) {
                    byId.computeIfAbsent(Integer.parseUnsignedInt(id), _ -> new TreeMap<>()).put(pid, name(process));
                }
            }
        } catch (IOException | DirectoryIteratorException | NumberFormatException e) {
            // It has ended, or is another user's.
        }
    }

    private static String name(Path process) {
        try {
            return new String(Files.readAllBytes(process.resolve("comm")), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "?";
        }
    }

    /** {@code [{"pid":1,"comm":"systemd"}]} or null. */
    List<Object> rows(int id) {
        TreeMap<Integer, String> found = byId.get(id);
        if (found == null) {
            return null;
        }
        return found.entrySet().stream().<Object>map(each -> {
            Map<String, Object> row = new java.util.LinkedHashMap<>();
            row.put("pid", each.getKey());
            row.put("comm", each.getValue());
            return row;
        }).toList();
    }

    /** {@code "\n\tpids systemd(1)"}, or nothing. */
    String text(int id) {
        TreeMap<Integer, String> found = byId.get(id);
        if (found == null) {
            return "";
        }
        return "\n\tpids " + String.join(", ",
                found.entrySet().stream().map(each -> each.getValue() + "(" + each.getKey() + ")").toList());
    }
}
