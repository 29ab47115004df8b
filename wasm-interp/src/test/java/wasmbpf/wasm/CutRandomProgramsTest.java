package wasmbpf.wasm;

/** Random programs, compiled and cut into many methods. */
class CutRandomProgramsTest extends RandomProgramsTest {
    @Override
    InstanceOptions options() {
        return InstanceOptions.DEFAULT.withTier(JvmTier.alwaysCut(150));
    }
}
