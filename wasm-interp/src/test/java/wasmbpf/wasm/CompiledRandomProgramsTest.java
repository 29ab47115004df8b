package wasmbpf.wasm;

/** Random functions, compiled at the first call. */
class CompiledRandomProgramsTest extends RandomProgramsTest {
    @Override
    InstanceOptions options() {
        return super.options().withTier(JvmTier.always());
    }
}
