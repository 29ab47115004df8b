package wasmbpf.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static wasmbpf.core.BpfOpcode.*;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InsnPatcherTest {
    private static final BpfInsn BAD_RELO = BpfInsn.call(0xbad2310);

    private static InsnBuffer patched(Fixup fixup, BpfInsn... insns) {
        InsnBuffer code = InsnBuffer.of(insns);
        assertFalse(InsnPatcher.patch(code, 0, fixup));
        return code;
    }

    private static CoreException refused(Fixup fixup, BpfInsn... insns) {
        InsnBuffer code = InsnBuffer.of(insns);
        CoreException e = assertThrows(CoreException.class, () -> InsnPatcher.patch(code, 0, fixup));
        assertEquals(InsnBuffer.of(insns), code, "left alone");
        return e;
    }

    @Test
    void arithmeticTakesTheValueAsItsOperand() {
        Fixup fixup = Fixup.value(8, 1256, true);
        assertEquals(BpfInsn.alu64Imm(BPF_ADD, 3, 1256), patched(fixup, BpfInsn.alu64Imm(BPF_ADD, 3, 8)).insn(0));
        assertTrue(refused(fixup, BpfInsn.alu64Imm(BPF_ADD, 3, 9)).getMessage().contains("the instruction has 9"));
        refused(fixup, BpfInsn.mov64Reg(3, 8));
        assertEquals(1256, patched(Fixup.value(8, 1256, false), BpfInsn.alu64Imm(BPF_ADD, 3, 9)).imm(0));
    }

    @Test
    void aValueThatSignExtensionWouldChangeIsRefusedByA64BitOperation() {
        Fixup fixup = Fixup.value(1, 0x80000000L, true);
        refused(fixup, BpfInsn.mov64Imm(0, 1));
        BpfInsn wide = new BpfInsn(BPF_ALU | BPF_MOV | BPF_K, 0, 0, (short) 0, 1);
        assertEquals(0x80000000, patched(fixup, wide).imm(0));
        refused(Fixup.value(1, 1L << 32, true), wide);
    }

    @Test
    void loadsAndStoresTakeTheValueAsTheirOffset() {
        Fixup fixup = Fixup.value(8, 32767, true);
        assertEquals(BpfInsn.load(BPF_W, 1, 2, 32767), patched(fixup, BpfInsn.load(BPF_W, 1, 2, 8)).insn(0));
        assertEquals(BpfInsn.store(BPF_H, 1, 32767, 2), patched(fixup, BpfInsn.store(BPF_H, 1, 8, 2)).insn(0));
        assertEquals(BpfInsn.storeImm(BPF_B, 1, 32767, 5), patched(fixup, BpfInsn.storeImm(BPF_B, 1, 8, 5)).insn(0));
        refused(fixup, BpfInsn.load(BPF_W, 1, 2, 9));
        refused(Fixup.value(8, 32768, true), BpfInsn.load(BPF_W, 1, 2, 8));
    }

    @ParameterizedTest
    @CsvSource({"8, 4, 0x79, 0x61", "4, 8, 0x61, 0x79", "1, 2, 0x71, 0x69", "2, 1, 0x6b, 0x73", "4, 1, 0x62, 0x72"})
    void sizesOfLoadsAndStoresFollowTheField(int original, int updated, int before, int after) {
        Fixup fixup = new Fixup(8, 16, false, true, true, original, updated);
        BpfInsn insn = new BpfInsn(before, 1, 2, (short) 8, 0);
        assertEquals(new BpfInsn(after, 1, 2, (short) 16, 0), patched(fixup, insn).insn(0));
    }

    @Test
    void sizesThatNoLoadHasAreRefused() {
        assertTrue(refused(new Fixup(8, 16, false, true, true, 4, 3), BpfInsn.load(BPF_W, 1, 2, 8)).getMessage()
                .contains("has 3 bytes in the kernel"));
        assertTrue(refused(new Fixup(8, 16, false, true, true, 4, 8), BpfInsn.load(BPF_B, 1, 2, 8)).getMessage()
                .contains("moves 1 bytes of a field that has 4"));
    }

    @Test
    void loadsThatCannotBeResizedArePoisonedButAdditionsAreNot() {
        Fixup fixup = new Fixup(8, 16, false, true, false, 4, 8);
        InsnBuffer load = InsnBuffer.of(BpfInsn.load(BPF_W, 1, 2, 8));
        assertTrue(InsnPatcher.patch(load, 0, fixup));
        assertEquals(BAD_RELO, load.insn(0));
        assertEquals(16, patched(fixup, BpfInsn.alu64Imm(BPF_ADD, 1, 8)).imm(0));
    }

    @Test
    void ldimm64TakesAllOfTheValue() {
        Fixup fixup = Fixup.value(5, 0x1234_5678_9abc_def0L, true);
        assertEquals(0x1234_5678_9abc_def0L,
                patched(fixup, BpfInsn.imm64Low(1, 0, 5), BpfInsn.imm64High(5)).imm64(0));
        refused(fixup, BpfInsn.imm64Low(1, 0, 6), BpfInsn.imm64High(6));
        refused(fixup, BpfInsn.imm64Low(1, BPF_PSEUDO_MAP_FD, 5), BpfInsn.imm64High(0));
        refused(fixup, BpfInsn.imm64Low(1, 0, 5), BpfInsn.exit());
        refused(fixup, BpfInsn.imm64Low(1, 0, 5));
    }

    /** Compilers before LLVM 15 mark no enum as signed: the code tells. */
    @Test
    void aNegativeEnumeratorOfAnOldCompilerIsSignExtended() {
        Fixup fixup = Fixup.value(0xffffffffL, 0xfffffffeL, true);
        assertEquals(-2, patched(fixup, BpfInsn.imm64Low(1, 0, -1), BpfInsn.imm64High(-1)).imm64(0));
        assertEquals(0xfffffffeL,
                patched(fixup, BpfInsn.imm64Low(1, 0, 0xffffffffL), BpfInsn.imm64High(0xffffffffL)).imm64(0));
        assertEquals(-2, patched(fixup, BpfInsn.mov64Imm(1, -1)).imm(0));
    }

    @Test
    void poisonReplacesBothSlotsOfAnLdimm64() {
        InsnBuffer code = InsnBuffer.of(BpfInsn.imm64Low(1, 0, 5), BpfInsn.imm64High(5), BpfInsn.exit());
        assertTrue(InsnPatcher.patch(code, 0, Fixup.poison(5, true, 0)));
        assertEquals(InsnBuffer.of(BAD_RELO, BAD_RELO, BpfInsn.exit()), code);
        InsnBuffer half = InsnBuffer.of(BpfInsn.imm64Low(1, 0, 5));
        assertTrue(InsnPatcher.patch(half, 0, Fixup.poison(5, true, 0)));
        assertEquals(InsnBuffer.of(BAD_RELO), half);
    }

    @Test
    void jumpsHoldNoRelocatableValue() {
        assertTrue(refused(Fixup.value(1, 2, true), BpfInsn.jumpImm(BPF_JEQ, 1, 1, 0)).getMessage()
                .contains("(15) if r1 == 0x1 goto pc+0"));
    }
}
