/* A small stack machine: a loop over a switch, as interpreters in C are written. */
#include <stdint.h>

enum { PUSH, LOAD, STORE, ADD, SUB, MUL, AND, SHR, LESS, JZ, JMP, DUP, DROP, XOR, CALL, RET, ALOAD, ASTORE, HALT };

/* for (i = 0; i < n; i++) { x = x * 1103515245 + 12345; a[i & 63] ^= f(x >> 16); s = s + a[x & 63]; } */
static const int32_t program[] = {
    /* 0 */ PUSH, 0, STORE, 0,
    /* 4 */ LOAD, 0, LOAD, 1, LESS, JZ, 60,
    /* 11 */ LOAD, 2, PUSH, 1103515245, MUL, PUSH, 12345, ADD, DUP, STORE, 2,
    /* 22 */ PUSH, 16, SHR, CALL, 62,
    /* 27 */ LOAD, 0, PUSH, 63, AND, ALOAD, XOR, LOAD, 0, PUSH, 63, AND, ASTORE,
    /* 40 */ LOAD, 3, LOAD, 2, PUSH, 63, AND, ALOAD, ADD, STORE, 3,
    /* 51 */ LOAD, 0, PUSH, 1, ADD, STORE, 0, JMP, 4,
    /* 60 */ HALT, HALT,
    /* 62 */ DUP, PUSH, 3, SHR, SUB, RET,
};
static int32_t stack[64], locals[8], array[64], returns[16];

static int32_t interpret(const int32_t *code)
{
    const int32_t *pc = code;
    int32_t *sp = stack, *rp = returns;

    for (;;) {
        switch (*pc++) {
        case PUSH: *sp++ = *pc++; break;
        case LOAD: *sp++ = locals[*pc++]; break;
        case STORE: locals[*pc++] = *--sp; break;
        case ADD: sp--; sp[-1] = (uint32_t)sp[-1] + sp[0]; break;
        case SUB: sp--; sp[-1] = (uint32_t)sp[-1] - sp[0]; break;
        case MUL: sp--; sp[-1] = (uint32_t)sp[-1] * (uint32_t)sp[0]; break;
        case AND: sp--; sp[-1] &= sp[0]; break;
        case SHR: sp--; sp[-1] = (uint32_t)sp[-1] >> sp[0]; break;
        case XOR: sp--; sp[-1] ^= sp[0]; break;
        case LESS: sp--; sp[-1] = sp[-1] < sp[0]; break;
        case JZ: pc = *--sp ? pc + 1 : code + *pc; break;
        case JMP: pc = code + *pc; break;
        case DUP: sp[0] = sp[-1]; sp++; break;
        case DROP: sp--; break;
        case CALL: *rp++ = pc + 1 - code; pc = code + *pc; break;
        case RET: pc = code + *--rp; break;
        case ALOAD: sp[-1] = array[sp[-1]]; break;
        case ASTORE: sp -= 2; array[sp[1]] = sp[0]; break;
        default: return locals[3];
        }
    }
}

__attribute__((export_name("run"))) int run(int n)
{
    for (int i = 0; i < 64; i++)
        array[i] = i;
    locals[1] = n;
    locals[2] = 42;
    locals[3] = 0;
    return interpret(program);
}
