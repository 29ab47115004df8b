package wasmbpf.host.abi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a descriptor of this process is to bpf(2), by the name the kernel gives its anonymous inode. */
enum DescriptorKind {
    MAP, PROGRAM, BTF, LINK, OTHER;

    static DescriptorKind of(int fd) {
        String target;
        try {
            target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
        } catch (IOException e) {
            return OTHER;
        }
        return switch (target) {
            case "anon_inode:bpf-map" -> MAP;
            case "anon_inode:bpf-prog" -> PROGRAM;
            case "anon_inode:btf" -> BTF;
            case "anon_inode:bpf_link", "anon_inode:bpf-link" -> LINK;
            default -> OTHER;
        };
    }
}
