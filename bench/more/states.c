/* A state machine over bytes with its counters in globals: a large switch in a loop, one call a byte. */
#include <stdint.h>

static enum { START, NAME, NUMBER, STRING, ESCAPE, COMMENT, SLASH, STAR, HEX, SPACE } state;
static uint32_t names, numbers, strings, comments, lines, columns, errors, hash;
static char text[4096];

__attribute__((noinline)) static void feed(char c)
{
    columns++;
    if (c == '\n') {
        lines++;
        columns = 0;
    }
    hash = hash * 33 + c;
    switch (state) {
    case START:
    case SPACE:
        if ((c >= 'a' && c <= 'z') || c == '_')
            state = NAME;
        else if (c == '0')
            state = HEX;
        else if (c >= '1' && c <= '9')
            state = NUMBER;
        else if (c == '"')
            state = STRING;
        else if (c == '/')
            state = SLASH;
        else
            state = SPACE;
        break;
    case NAME:
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            names++, state = START;
        break;
    case NUMBER:
        if (c < '0' || c > '9')
            numbers++, state = START;
        break;
    case HEX:
        if (c != 'x' && !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
            numbers += 2, state = START;
        break;
    case STRING:
        if (c == '\\')
            state = ESCAPE;
        else if (c == '"')
            strings++, state = START;
        break;
    case ESCAPE:
        state = STRING;
        break;
    case SLASH:
        if (c == '*')
            state = COMMENT;
        else
            errors++, state = START;
        break;
    case COMMENT:
        if (c == '*')
            state = STAR;
        break;
    case STAR:
        if (c == '/')
            comments++, state = START;
        else if (c != '*')
            state = COMMENT;
        break;
    }
}

__attribute__((export_name("run"))) int run(int rounds)
{
    static const char sample[] = "int main(void) { /* a *comment */ return f(\"a\\\"b\", 0x1f, 42) / 7; }\n";

    for (int i = 0; i < (int)sizeof text; i++)
        text[i] = sample[i % (sizeof sample - 1)];
    state = START;
    names = numbers = strings = comments = lines = columns = errors = hash = 0;
    for (int r = 0; r < rounds; r++)
        for (int i = 0; i < (int)sizeof text; i++)
            feed(text[i]);
    return names + 3 * numbers + 5 * strings + 7 * comments + 11 * lines + 13 * columns + 17 * errors + hash;
}
