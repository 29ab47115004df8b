/* A tokenizer and recursive reader of JSON: character classes, numbers, nested objects. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static char text[40000];
static int textLength;
static const char *at;
static uint32_t sum;
static int depth;

static void skip(void)
{
    while (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r')
        at++;
}

static void string(void)
{
    uint32_t hash = 2166136261u;

    at++;
    while (*at && *at != '"') {
        if (*at == '\\')
            at++;
        hash = (hash ^ (uint8_t)*at++) * 16777619u;
    }
    at++;
    sum = sum * 31 + hash;
}

static void number(void)
{
    double value = 0, scale = 1;
    int negative = *at == '-';

    if (negative)
        at++;
    while (*at >= '0' && *at <= '9')
        value = value * 10 + (*at++ - '0');
    if (*at == '.')
        for (at++; *at >= '0' && *at <= '9'; scale *= 10)
            value = value * 10 + (*at++ - '0');
    value /= scale;
    sum = sum * 31 + (int)(negative ? -value : value);
}

static void value(void)
{
    depth++;
    skip();
    switch (*at) {
    case '{':
        at++;
        skip();
        while (*at && *at != '}') {
            skip();
            string();
            skip();
            at++; /* : */
            value();
            skip();
            if (*at == ',')
                at++;
        }
        at++;
        break;
    case '[':
        at++;
        skip();
        while (*at && *at != ']') {
            value();
            skip();
            if (*at == ',')
                at++;
        }
        at++;
        break;
    case '"':
        string();
        break;
    case 't':
        at += 4;
        sum += 3;
        break;
    case 'f':
        at += 5;
        sum += 5;
        break;
    case 'n':
        at += 4;
        sum += 7;
        break;
    default:
        number();
    }
    skip();
    sum += depth--;
}

static void put(const char *s)
{
    int n = strlen(s);

    memcpy(text + textLength, s, n + 1);
    textLength += n;
}

static void putNumber(int n)
{
    char digits[12];
    int i = 11;

    digits[i] = 0;
    do
        digits[--i] = '0' + n % 10;
    while (n /= 10);
    put(digits + i);
}

__attribute__((export_name("run"))) int run(int rounds)
{
    textLength = 0;
    put("[");
    for (int i = 0; i < 300; i++) {
        put(i ? ",\n  {\"pid\": " : "\n  {\"pid\": ");
        putNumber(i * 37 % 4711);
        put(", \"comm\": \"systemd-\\\"journald\\\"\", \"args\": [\"-f\", \"/etc/x\", null, true], \"load\": -");
        putNumber(i);
        put(".25, \"in\": {\"a\": false, \"b\": {}}}");
    }
    put("\n]");
    sum = 0;
    for (int r = 0; r < rounds; r++) {
        at = text;
        depth = 0;
        value();
        sum += at - text;
    }
    return sum;
}
