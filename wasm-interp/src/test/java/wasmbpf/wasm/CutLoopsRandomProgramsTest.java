package wasmbpf.wasm;

/** Random programs, each loop of which compiled code in many methods takes over where it runs. */
class CutLoopsRandomProgramsTest extends RandomProgramsTest {
    @Override
    InstanceOptions options() {
        return InstanceOptions.DEFAULT.withTier(JvmTier.whenHotCut(Integer.MAX_VALUE, 0, 150));
    }
}
