package wasmbpf.wasm;

/** Random programs, each loop of which compiled code takes over where it runs, cut also within expressions. */
class CutAnywhereLoopsRandomProgramsTest extends RandomProgramsTest {
    @Override
    InstanceOptions options() {
        return InstanceOptions.DEFAULT.withTier(JvmTier.whenHotCutAnywhere(Integer.MAX_VALUE, 0, 150));
    }
}
