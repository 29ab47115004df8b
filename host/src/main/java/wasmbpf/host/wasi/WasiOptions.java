package wasmbpf.host.wasi;

import java.util.List;

/**
 * What a guest gets to see of the system.
 *
 * @param arguments argv, the program's name first
 * @param environment {@code NAME=VALUE} each
 * @param preopens directories it may use, descriptors 3 and up in this order
 * @param blockBufferedStreams whether pipes and sockets are shown as what they are (see {@link StandardStream})
 */
public record WasiOptions(List<String> arguments, List<String> environment, List<Preopen> preopens,
        boolean blockBufferedStreams) {}
