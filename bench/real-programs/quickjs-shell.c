/* The smallest shell around QuickJS: quickjs FILE.js [ARGS...], with print() and scriptArgs. */
#include <stdio.h>
#include <stdlib.h>
#include "quickjs.h"

static JSValue print(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
    for (int i = 0; i < argc; i++) {
        const char *text = JS_ToCString(ctx, argv[i]);

        if (!text)
            return JS_EXCEPTION;
        printf("%s%s", i ? " " : "", text);
        JS_FreeCString(ctx, text);
    }
    putchar('\n');
    return JS_UNDEFINED;
}

static int failed(JSContext *ctx)
{
    JSValue error = JS_GetException(ctx), stack = JS_GetPropertyStr(ctx, error, "stack");
    const char *text = JS_ToCString(ctx, error), *trace = JS_ToCString(ctx, stack);

    fprintf(stderr, "%s\n%s", text ? text : "?", trace ? trace : "");
    return 1;
}

int main(int argc, char **argv)
{
    static char source[1 << 20];
    FILE *file = argc > 1 ? fopen(argv[1], "r") : NULL;
    size_t size = file ? fread(source, 1, sizeof source - 1, file) : 0;

    if (!file) {
        fprintf(stderr, "usage: quickjs FILE.js [ARGS...]\n");
        return 2;
    }
    JSRuntime *runtime = JS_NewRuntime();
    JSContext *ctx = JS_NewContext(runtime), *job;
    JSValue global = JS_GetGlobalObject(ctx), args = JS_NewArray(ctx);

    /* Left at its default it measures from an address of the native stack. */
    JS_SetMaxStackSize(runtime, 512 * 1024);
    for (int i = 1; i < argc; i++)
        JS_SetPropertyUint32(ctx, args, i - 1, JS_NewString(ctx, argv[i]));
    JS_SetPropertyStr(ctx, global, "scriptArgs", args);
    JS_SetPropertyStr(ctx, global, "print", JS_NewCFunction(ctx, print, "print", 1));
    JSValue result = JS_Eval(ctx, source, size, argv[1], JS_EVAL_TYPE_GLOBAL);
    if (JS_IsException(result))
        return failed(ctx);
    JS_FreeValue(ctx, result);
    for (int ran = 1; ran > 0;) /* promises */
        if ((ran = JS_ExecutePendingJob(runtime, &job)) < 0)
            return failed(job);
    JS_FreeValue(ctx, global);
    JS_FreeContext(ctx);
    JS_FreeRuntime(runtime);
    return 0;
}
