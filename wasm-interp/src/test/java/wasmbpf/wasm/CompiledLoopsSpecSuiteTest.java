package wasmbpf.wasm;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;

/** The official test suite with every loop taken over by compiled code at its first iteration. */
class CompiledLoopsSpecSuiteTest extends SpecSuiteTest {
    @BeforeEach
    void needsUnsafe() {
        Assumptions.assumeTrue(JvmTier.always() != null, "jdk.internal.misc is not exported: nothing is compiled");
    }

    @Override
    InstanceOptions options() {
        return super.options().withTier(JvmTier.whenHot(Integer.MAX_VALUE, 0));
    }
}
