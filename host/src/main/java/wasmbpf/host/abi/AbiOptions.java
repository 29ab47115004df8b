package wasmbpf.host.abi;

/**
 * How the wasm_bpf functions present themselves.
 *
 * @param objectName name of the objects a guest loads, which starts those of their data section maps
 * @param callbackModule import module of the poll function whose callback is an export
 * @param callbackExport name of that export
 * @param statistics whether each buffer's counts are printed when it closes
 */
public record AbiOptions(String objectName, String callbackModule, String callbackExport, boolean statistics) {
    public static final String CALLBACK_MODULE = "callback-wrapper";
    public static final String CALLBACK_EXPORT = "go-callback";
}
