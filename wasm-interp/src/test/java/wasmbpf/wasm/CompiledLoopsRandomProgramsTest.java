package wasmbpf.wasm;

/** Random functions, each loop of which compiled code takes over where it runs. */
class CompiledLoopsRandomProgramsTest extends RandomProgramsTest {
    @Override
    InstanceOptions options() {
        return super.options().withTier(JvmTier.whenHot(Integer.MAX_VALUE, 0));
    }
}
