package wasmbpf.wasm;

/** Damaged modules that are still valid, compiled at the first call. */
class CompiledDamagedRunTest extends DamagedRunTest {
    @Override
    InstanceOptions options() {
        return super.options().withTier(JvmTier.always());
    }
}
