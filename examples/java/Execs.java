import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.nio.file.Path;
import wasmbpf.host.BpfObject;

/** Prints every program that is started, until it is stopped. The object is that of ../bootstrap; there is no Wasm here. */
void main(String[] args) {
    try (var object = BpfObject.open(Path.of(args[0]))) {
        object.load().attach();
        var events = object.map("rb").ringBuffer();
        var poller = object.poller(events);
        IO.println("    PID    PPID FILE");
        while (poller.poll(-1, (address, size) -> {
            var event = events.view(address, size); // struct event of bootstrap.h, in the memory the kernel wrote it to
            if (event.get(JAVA_INT, 20) == 0) {
                IO.println("%7d %7d %s".formatted(event.get(JAVA_INT, 8), event.get(JAVA_INT, 12), event.getString(40)));
            }
            return 0;
        }) >= 0) { }
    }
}
