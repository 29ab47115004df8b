package wasmbpf.wasm;

/** Random programs, compiled and cut into many methods, also within expressions. */
class CutAnywhereRandomProgramsTest extends RandomProgramsTest {
    @Override
    InstanceOptions options() {
        return InstanceOptions.DEFAULT.withTier(JvmTier.alwaysCutAnywhere(150));
    }
}
