package wasmbpf.host.gen;

import java.io.InputStream;
import java.util.List;

/** The headers that guests are compiled with; they travel in the jar, so that one file is the whole SDK. */
public final class GuestHeaders {
    /** Paths below the include folder. */
    public static final List<String> NAMES = List.of(
            "argp.h", "arpa/inet.h", "asm/unistd.h", "bpf/bpf.h", "bpf/btf.h", "bpf/libbpf.h",
            "bpf/libbpf_common.h", "bpf/libbpf_legacy.h", "bpf/libbpf_version.h", "elf.h", "fcntl.h",
            "gelf.h", "libbpf-wasm.h", "libelf.h", "linux/bpf.h", "linux/btf.h", "linux/if_ether.h",
            "linux/if_link.h", "linux/if_packet.h", "linux/in.h", "linux/limits.h", "linux/perf_event.h",
            "linux/types.h", "linux/unistd.h", "net/if.h", "setjmp.h", "signal.h", "stdio.h", "stdlib.h",
            "sys/eventfd.h", "sys/ioctl.h", "sys/resource.h", "sys/socket.h", "sys/syscall.h", "sys/sysinfo.h", "sys/wait.h",
            "unistd.h", "wasm-bpf/attach.h", "wasm-bpf/buffers.h", "wasm-bpf/event.bpf.h", "wasm-bpf/format.h",
            "wasm-bpf/host.h", "wasm-bpf/names.h", "wasm-bpf/netlink.h", "wasm-bpf/object.h", "wasm-bpf/pin.h", "wasm-bpf/print.h", "wasm-bpf/probes.h", "wasm-bpf/signals.h",
            "wasm-bpf/skeleton.h");

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
