package wasmbpf.wasm;

/** Calls in and out of guests whose functions are compiled at the first call. */
class CompiledInstanceTest extends InstanceTest {
    @Override
    InstanceOptions options() {
        return super.options().withTier(JvmTier.always());
    }
}
