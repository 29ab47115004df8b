/* Debian's wasi-libc has no setjmp; clang lowers calls of it to exceptions (-mllvm -wasm-enable-sjlj), see setjmp.c. */
#ifndef SETJMP_H
#define SETJMP_H

typedef struct {
    void *frame;    /* which call of the function that said setjmp */
    unsigned label; /* which setjmp of that function, from 1 */
    struct {
        void *env;
        int value;
    } thrown; /* what the exception points to */
} jmp_buf[1];

int setjmp(jmp_buf) __attribute__((returns_twice));
void longjmp(jmp_buf, int) __attribute__((noreturn));

#define _setjmp setjmp
#define _longjmp longjmp

#endif
