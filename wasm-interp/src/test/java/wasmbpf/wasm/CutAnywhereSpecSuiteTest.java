package wasmbpf.wasm;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;

/** The official test suite with every function compiled at its first call, and cut within expressions. */
class CutAnywhereSpecSuiteTest extends SpecSuiteTest {
    @BeforeEach
    void needsUnsafe() {
        Assumptions.assumeTrue(JvmTier.always() != null, "jdk.internal.misc is not exported: nothing is compiled");
    }

    @Override
    InstanceOptions options() {
        return super.options().withTier(JvmTier.alwaysCutAnywhere(60));
    }
}
