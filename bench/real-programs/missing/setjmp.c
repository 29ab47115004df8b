/* The three functions that clang's lowering of setjmp calls (LLVM, WebAssemblyLowerEmscriptenEHSjLj.cpp, "Wasm SjLj"). */
#include <stddef.h>
#include "setjmp.h"

/* For __builtin_wasm_throw: the tag __c_longjmp, which carries one i32, the address of {env, value}. 0 is the tag of C++. */
enum { C_LONGJMP = 1 };

void __wasm_setjmp(void *env, unsigned label, void *frame)
{
    (*(jmp_buf *)env)->frame = frame;
    (*(jmp_buf *)env)->label = label;
}

/* Which setjmp of this call the exception is for; 0 sends it on to the callers. */
unsigned __wasm_setjmp_test(void *env, void *frame)
{
    return (*(jmp_buf *)env)->frame == frame ? (*(jmp_buf *)env)->label : 0;
}

void __wasm_longjmp(void *env, int value)
{
    jmp_buf *to = env;

    (*to)->thrown.env = env;
    (*to)->thrown.value = value ? value : 1;
    __builtin_wasm_throw(C_LONGJMP, &(*to)->thrown);
}
