package wasmbpf.host.object;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.junit.jupiter.api.Test;

/**
 * struct_ops.bpf.c against kernel 6.18.44, whose {@code bpftool btf dump} says: struct tcp_congestion_ops is 192 bytes,
 * at byte 64 of struct bpf_struct_ops_tcp_congestion_ops [43261], 256 bytes; members ssthresh #0 at 0,
 * undo_cwnd #8 at 64, name #11 at 88, flags #15 at 132, init #16 at 136.
 */
class StructOpsResolverTest {
    private static final KernelFacts KERNEL = OracleKernel.of(Map.of());
    private static final int DATA = 64;

    /** The object, without the program for a member that this kernel does not have. */
    private static ObjectSpec read() {
        ObjectSpec spec = TestObjects.read("struct_ops");
        spec.map("linked").structOps().program(1, null);
        return spec;
    }

    @Test
    void membersGoWhereTheKernelHasThem() {
        ObjectSpec spec = read();
        StructOpsValues values = StructOpsResolver.resolve(spec, KERNEL);
        StructOpsValues.Value plain = values.of(spec.map("plain"));
        assertEquals(43261, plain.valueTypeId());
        assertEquals(256, plain.valueSize());
        assertNull(plain.module());
        ByteBuffer value = ByteBuffer.wrap(plain.value()).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals("plain", new String(plain.value(), DATA + 88, 5, StandardCharsets.US_ASCII));
        assertEquals(5, value.getInt(DATA + 132));
        assertEquals(Map.of("ops_ssthresh", DATA, "ops_undo", DATA + 64, "ops_init", DATA + 136),
                plain.pointers().stream().collect(java.util.stream.Collectors.toMap(each -> each.program().name(),
                        StructOpsValues.Pointer::offset)));
        StructOpsValues.AttachPoint init = values.programs().get(spec.program("ops_init"));
        assertEquals(16, init.memberIndex());
        assertEquals(16, spec.program("ops_init").expectedAttachType());
        assertEquals("tcp_congestion_ops", KERNEL.vmlinux().name(init.typeId()));
    }

    @Test
    void membersOfAnotherKernelAreSkippedIfZero() {
        ObjectSpec spec = read();
        StructOpsValues values = StructOpsResolver.resolve(spec, KERNEL);
        assertEquals(1, values.of(spec.map("linked")).pointers().size());
        assertFalse(spec.program("ops_future").autoload());
    }

    /** As libbpf 1.8: "Cannot find member from_the_future in kernel BTF", -ENOTSUP. */
    @Test
    void programsForMembersOfAnotherKernelAreAnError() {
        ObjectSpec spec = TestObjects.read("struct_ops");
        ObjectException e = assertThrows(ObjectException.class, () -> StructOpsResolver.resolve(spec, KERNEL));
        assertTrue(e.getMessage().contains("from_the_future") && e.getMessage().contains("ops_future"), e.getMessage());
    }

    @Test
    void membersOfAnotherKernelThatAreSetAreAnError() {
        ObjectSpec spec = read();
        // struct tcp_congestion_ops___newer { ssthresh; from_the_future; future_flags; name }
        spec.map("linked").structOps().data()[16] = 1;
        ObjectException e = assertThrows(ObjectException.class, () -> StructOpsResolver.resolve(spec, KERNEL));
        assertTrue(e.getMessage().contains("future_flags"), e.getMessage());
    }

    @Test
    void programsAreLoadedIfAMapThatUsesThemIs() {
        ObjectSpec spec = read();
        spec.map("off2").autocreate(true);
        StructOpsValues values = StructOpsResolver.resolve(spec, KERNEL);
        assertFalse(spec.program("ops_unused").autoload());
        assertTrue(spec.program("ops_optional").autoload());
        assertTrue(spec.program("ops_ssthresh").autoload());
        assertNull(values.of(spec.map("off1")));
    }

    @Test
    void aProgramCannotBeTwoMembers() {
        ObjectSpec spec = read();
        spec.map("plain").structOps().programs()[0] = spec.program("ops_ssthresh");
        assertThrows(ObjectException.class, () -> StructOpsResolver.resolve(spec, KERNEL));
    }

    @Test
    void aKernelWithoutTypesIsTold() {
        ObjectSpec spec = read();
        assertThrows(ObjectException.class, () -> StructOpsResolver.resolve(spec, OracleKernel.withoutBtf(Map.of())));
    }

    @Test
    void objectsWithoutStructOpsAskNothing() {
        ObjectSpec spec = TestObjects.read("both_orders");
        assertEquals(StructOpsValues.NONE, StructOpsResolver.resolve(spec, OracleKernel.withoutBtf(Map.of())));
    }
}
