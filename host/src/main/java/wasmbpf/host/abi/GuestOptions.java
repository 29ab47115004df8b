package wasmbpf.host.abi;

import wasmbpf.host.load.LoadOptions;
import wasmbpf.host.wasi.WasiOptions;
import wasmbpf.wasm.Profiler;
import wasmbpf.wasm.Tier;

/**
 * How a guest runs.
 *
 * @param wasi what it sees of the system
 * @param abi how the wasm_bpf functions present themselves
 * @param loading how its objects are loaded
 * @param maxMemoryBytes most linear memory it may have
 * @param tier what compiles its functions, or null to interpret them all
 * @param profiler who counts its calls, or null
 */
public record GuestOptions(WasiOptions wasi, AbiOptions abi, LoadOptions loading, long maxMemoryBytes, Tier tier,
        Profiler profiler) {
    /** All a 32-bit guest can address. */
    public static final long MAX_MEMORY = 1L << 32;

    /** Without a profiler. */
    public GuestOptions(WasiOptions wasi, AbiOptions abi, LoadOptions loading, long maxMemoryBytes, Tier tier) {
        this(wasi, abi, loading, maxMemoryBytes, tier, null);
    }
}
