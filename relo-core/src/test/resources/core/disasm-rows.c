// Prints instructions as the kernel's kernel/bpf/disasm.c does, each as HEX (little-endian) and LINE:
//   cc -I$LINUX/tools/include/uapi -I$LINUX/tools/include -I$LINUX/kernel/bpf disasm-rows.c $LINUX/kernel/bpf/disasm.c
// (bpftool's source has all three directories, too). All opcodes with some operands; no row where it finds none of its own
// names for the opcode, and none for addresses, which stand for what only a running kernel has.
#include <linux/bpf.h>
#include "disasm.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static char text[512];

static void print(void *data, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
}

static void row(int code, int dst, int src, int off, int imm, int next)
{
	struct bpf_insn_cbs cbs = { .cb_print = print };
	struct bpf_insn insns[2] = {
		{ .code = code, .dst_reg = dst, .src_reg = src, .off = off, .imm = imm },
		{ .imm = next },
	};
	int bytes = code == (BPF_LD | BPF_IMM | BPF_DW) ? 16 : 8;

	print_bpf_insn(&cbs, insns, 1);
	text[strcspn(text, "\n")] = 0;
	if (strstr(text, "BUG") || strstr(text, "(null)") || strstr(text, "endian") || strstr(text, " jmp ") ||
	    strstr(text, " exit ") || strstr(text, "nospec"))
		return;
	for (int i = 0; i < bytes; i++)
		printf("%02x", ((unsigned char *)insns)[i]);
	printf(" %s\n", text);
}

int main(void)
{
	static const int atomics[] = { 0x00, 0x40, 0x50, 0xa0, 0x01, 0x41, 0x51, 0xa1, 0xe1, 0xf1, 0x100, 0x110 };

	for (int code = 0; code < 256; code++) {
		int class = BPF_CLASS(code), alu = class == BPF_ALU || class == BPF_ALU64;

		if ((class == BPF_JMP || class == BPF_JMP32) && BPF_OP(code) == BPF_CALL)
			continue;
		if (class == BPF_STX && BPF_MODE(code) == 0xc0) {
			for (unsigned i = 0; i < sizeof(atomics) / sizeof(*atomics); i++)
				row(code, 1, 2, -8, atomics[i], 0);
			continue;
		}
		row(code, 1, 2, 0, 5, 0);
		if (alu && BPF_OP(code) == BPF_END)
			continue;
		row(code, 10, 0, 0, -3, -1);
		if (!alu)
			row(code, 3, 0, -32768, 0x7fffffff, 0x12345678);
		if (alu && (BPF_OP(code) == BPF_DIV || BPF_OP(code) == BPF_MOD))
			row(code, 4, 5, 1, 6, 0);
		if (alu && BPF_OP(code) == BPF_MOV && BPF_SRC(code) == BPF_X) {
			row(code, 4, 5, 8, 0, 0);
			row(code, 4, 5, 16, 0, 0);
			row(code, 4, 5, 32, 0, 0);
		}
	}
	row(BPF_ALU64 | BPF_MOV | BPF_X, 1, 2, 1, 0x00010000, 0);
	row(BPF_ALU64 | BPF_MOV | BPF_X, 1, 2, -1, 0, 0);
	for (int bits = 16; bits <= 64; bits *= 2) {
		row(BPF_ALU | BPF_END | BPF_K, 7, 0, 0, bits, 0);
		row(BPF_ALU | BPF_END | BPF_X, 7, 0, 0, bits, 0);
		row(BPF_ALU64 | BPF_END | BPF_K, 7, 0, 0, bits, 0);
	}
	row(BPF_JMP | BPF_CALL, 0, 0, 0, 1, 0);
	row(BPF_JMP | BPF_CALL, 0, 0, 0, 211, 0);
	row(BPF_JMP | BPF_CALL, 0, 0, 0, 195896080, 0);
	row(BPF_JMP | BPF_CALL, 0, 1, 0, 5, 0);
	row(BPF_JMP | BPF_CALL, 0, 1, 0, -5, 0);
	row(BPF_JMP | BPF_CALL, 0, 2, 0, 4711, 0);
	return 0;
}
