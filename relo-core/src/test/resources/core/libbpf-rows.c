// Prints what libbpf's CO-RE makes of an object: libbpf-rows OBJECT TARGET-BTF > OBJECT.expected
// Built against libbpf 1.8 (f7081a6b): cc -I. libbpf-rows.c libbpf.a -lelf -lz, its headers in ./bpf; any since 1.6 has
// bpf_object__prepare. Loads no program. One block per relocation:
//
//   relo PROGRAM INDEX SPEC                         local spec, libbpf's words
//     candidate yes|no [ID]                         each candidate looked at, whether it matches
//     target SPEC                                   of the first that matches
//     patch INSN FORM OLD -> NEW | size INSN OLD -> NEW | poison INSN | error TEXT
//   code PROGRAM HEX                                after relocation, little-endian
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int have_target;

static int line(enum libbpf_print_level level, const char *format, va_list args)
{
	char text[4096], prog[256], kind[64];
	int relo, insn, end = 0;

	vsnprintf(text, sizeof(text), format, args);
	text[strcspn(text, "\n")] = 0;
	if (sscanf(text, "libbpf: prog '%255[^']': relo #%d: %n", prog, &relo, &end) < 2 || !end)
		return 0;
	const char *rest = text + end;
	if (rest[0] == '<' && !strstr(rest, "relocation doesn't")) {
		printf("relo %s %d %s\n", prog, relo, rest);
		have_target = 0;
	} else if (!strncmp(rest, "matching candidate", 18) || !strncmp(rest, "non-matching candidate", 22)) {
		const char *spec = strchr(rest, '<'), *id = strchr(rest, '[');
		printf("  candidate %s %.*s\n", rest[0] == 'm' ? "yes" : "no", (int)(strchr(id, ']') - id + 1), id);
		if (rest[0] == 'm' && !have_target) {
			have_target = 1;
			printf("  target %s\n", spec);
		}
	} else if (sscanf(rest, "patched insn #%d %n", &insn, &end) == 1) {
		const char *what = rest + end;
		if (strstr(what, "mem_sz"))
			printf("  size %d %s\n", insn, strstr(what, "mem_sz") + 7);
		else
			printf("  patch %d %s\n", insn, what);
	} else if (sscanf(rest, "substituting insn #%d %63s", &insn, kind) == 2) {
		printf("  poison %d\n", insn);
	} else if (level == LIBBPF_WARN) {
		printf("  error %s\n", rest);
	}
	return 0;
}

int main(int argc, char **argv)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .btf_custom_path = argv[2]);
	struct bpf_object *object;
	struct bpf_program *program;
	int err;

	if (argc != 3)
		return 2;
	object = bpf_object__open_file(argv[1], &opts);
	if (!object)
		return 1;
	libbpf_set_print(line);
	err = bpf_object__prepare(object);
	printf("prepare %d\n", err);
	if (err)
		return 0;
	bpf_object__for_each_program(program, object) {
		const unsigned char *code = (const unsigned char *)bpf_program__insns(program);
		printf("code %s ", bpf_program__name(program));
		for (size_t i = 0; i < bpf_program__insn_cnt(program) * 8; i++)
			printf("%02x", code[i]);
		printf("\n");
	}
	return 0;
}
