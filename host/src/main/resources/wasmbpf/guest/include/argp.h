/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * argp.h for wasm-bpf guests: the GNU C library's parser of command lines, after its manual; its help has the same form.
 * Not here: help_filter, argp_domain (translations), ARGP_HELP_FMT.
 */
#ifndef WASM_BPF_ARGP_H
#define WASM_BPF_ARGP_H

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef __error_t_defined
typedef int error_t;
#define __error_t_defined 1
#endif

struct argp_option {
    const char *name; /* --name */
    int key;          /* what the parser gets, and -key if it is a character */
    const char *arg;  /* what its argument is called; NULL: it has none */
    int flags;
    const char *doc;
    int group;
};

#define OPTION_ARG_OPTIONAL 0x1
#define OPTION_HIDDEN 0x2
#define OPTION_ALIAS 0x4
#define OPTION_DOC 0x8
#define OPTION_NO_USAGE 0x10
#define OPTION_NO_TRANS 0x20

struct argp;
struct argp_state;

typedef error_t (*argp_parser_t)(int key, char *arg, struct argp_state *state);

struct argp_child {
    const struct argp *argp;
    int flags;
    const char *header;
    int group;
};

struct argp {
    const struct argp_option *options; /* ends with one whose members are all 0 */
    argp_parser_t parser;
    const char *args_doc;
    const char *doc; /* what stands before a \v comes before the options, the rest behind them */
    const struct argp_child *children;
    char *(*help_filter)(int key, const char *text, void *input);
    const char *argp_domain;
};

struct argp_state {
    const struct argp *root_argp;
    int argc;
    char **argv;
    int next; /* index of the next argument; the parser may change it */
    unsigned flags;
    unsigned arg_num;
    int quoted; /* index behind a --, or 0 */
    void *input;
    void **child_inputs;
    void *hook;
    char *name;
    FILE *err_stream;
    FILE *out_stream;
    void *pstate;
};

#define ARGP_ERR_UNKNOWN 7 /* the parser does not know that key (E2BIG elsewhere) */

#define ARGP_KEY_ARG 0
#define ARGP_KEY_ARGS 0x1000006
#define ARGP_KEY_END 0x1000001
#define ARGP_KEY_NO_ARGS 0x1000002
#define ARGP_KEY_INIT 0x1000003
#define ARGP_KEY_FINI 0x1000007
#define ARGP_KEY_SUCCESS 0x1000004
#define ARGP_KEY_ERROR 0x1000005

#define ARGP_PARSE_ARGV0 0x01
#define ARGP_NO_ERRS 0x02
#define ARGP_NO_ARGS 0x04
#define ARGP_IN_ORDER 0x08
#define ARGP_NO_HELP 0x10
#define ARGP_NO_EXIT 0x20
#define ARGP_LONG_ONLY 0x40
#define ARGP_SILENT (ARGP_NO_EXIT | ARGP_NO_ERRS | ARGP_NO_HELP)

#define ARGP_HELP_USAGE 0x01
#define ARGP_HELP_SHORT_USAGE 0x02
#define ARGP_HELP_SEE 0x04
#define ARGP_HELP_LONG 0x08
#define ARGP_HELP_PRE_DOC 0x10
#define ARGP_HELP_POST_DOC 0x20
#define ARGP_HELP_DOC (ARGP_HELP_PRE_DOC | ARGP_HELP_POST_DOC)
#define ARGP_HELP_BUG_ADDR 0x40
#define ARGP_HELP_LONG_ONLY 0x80
#define ARGP_HELP_EXIT_ERR 0x100
#define ARGP_HELP_EXIT_OK 0x200
#define ARGP_HELP_STD_ERR (ARGP_HELP_SEE | ARGP_HELP_EXIT_ERR)
#define ARGP_HELP_STD_USAGE (ARGP_HELP_SHORT_USAGE | ARGP_HELP_SEE | ARGP_HELP_EXIT_ERR)
#define ARGP_HELP_STD_HELP                                                                                             \
    (ARGP_HELP_SHORT_USAGE | ARGP_HELP_LONG | ARGP_HELP_EXIT_OK | ARGP_HELP_DOC | ARGP_HELP_BUG_ADDR)

/* The program defines those it wants. */
extern const char *argp_program_version __attribute__((weak));
extern void (*argp_program_version_hook)(FILE *stream, struct argp_state *state) __attribute__((weak));
extern const char *argp_program_bug_address __attribute__((weak));
extern error_t argp_err_exit_status __attribute__((weak));

/* ---- the options there are -------------------------------------------------------------------------------------------- */

/* One line of help: an option and the aliases behind it. */
struct wasm_bpf__argp_entry {
    const struct argp_option *option;
    int count;
    int group;
    int order; /* of its argp */
    const struct argp *argp;
};

struct wasm_bpf__argp_list {
    struct wasm_bpf__argp_entry entries[256];
    int count;
};

enum { WASM_BPF__ARGP_USAGE_KEY = -2, WASM_BPF__ARGP_HELP_KEY = '?', WASM_BPF__ARGP_VERSION_KEY = 'V' };

static const struct argp_option wasm_bpf__argp_help[] = {
    {"help", WASM_BPF__ARGP_HELP_KEY, NULL, 0, "Give this help list", -1},
    {"usage", WASM_BPF__ARGP_USAGE_KEY, NULL, 0, "Give a short usage message", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static const struct argp_option wasm_bpf__argp_version[] = {
    {"version", WASM_BPF__ARGP_VERSION_KEY, NULL, 0, "Print program version", -1},
    {NULL, 0, NULL, 0, NULL, 0},
};

static inline bool wasm_bpf__argp_end(const struct argp_option *o)
{
    return !o->key && !o->name && !o->doc && !o->group;
}

static inline bool wasm_bpf__argp_short(const struct argp_option *o)
{
    return !(o->flags & OPTION_DOC) && o->key > 0 && o->key <= 255 && isprint(o->key);
}

static inline bool wasm_bpf__argp_has_version(void)
{
    return (&argp_program_version && argp_program_version) ||
           (&argp_program_version_hook && argp_program_version_hook);
}

static inline void wasm_bpf__argp_add(struct wasm_bpf__argp_list *list, const struct argp_option *options, int group,
                                      int order, const struct argp *argp)
{
    for (const struct argp_option *o = options; o && !wasm_bpf__argp_end(o); o++) {
        if ((o->flags & OPTION_ALIAS) && list->count) {
            list->entries[list->count - 1].count++;
            continue;
        }
        if (list->count == (int)(sizeof(list->entries) / sizeof(*list->entries)))
            return;
        /* A header without a number begins the next group; others without one stay in theirs. */
        group = o->group ? o->group : !o->name && !o->key ? group + 1 : group;
        struct wasm_bpf__argp_entry *e = &list->entries[list->count++];
        e->option = o;
        e->count = 1;
        e->group = group;
        e->order = order;
        e->argp = argp;
    }
}

static inline void wasm_bpf__argp_collect(struct wasm_bpf__argp_list *list, const struct argp *argp, int order)
{
    wasm_bpf__argp_add(list, argp->options, 0, order, argp);
    for (const struct argp_child *c = argp->children; c && c->argp; c++)
        wasm_bpf__argp_collect(list, c->argp, order + 1);
}

static inline void wasm_bpf__argp_all(struct wasm_bpf__argp_list *list, const struct argp *argp, unsigned flags)
{
    list->count = 0;
    if (argp)
        wasm_bpf__argp_collect(list, argp, 0);
    if (flags & ARGP_NO_HELP)
        return;
    wasm_bpf__argp_add(list, wasm_bpf__argp_help, 0, 1000, NULL);
    if (wasm_bpf__argp_has_version())
        wasm_bpf__argp_add(list, wasm_bpf__argp_version, 0, 1001, NULL);
}

/* ---- help ------------------------------------------------------------------------------------------------------------- */

/* Text with a left and right margin: lines that are too long break at a space. */
struct wasm_bpf__argp_out {
    FILE *file;
    int column;
    int wrap; /* where a continued line begins */
};

enum { WASM_BPF__ARGP_RIGHT = 79, WASM_BPF__ARGP_DOC = 29, WASM_BPF__ARGP_SHORT = 2, WASM_BPF__ARGP_LONG = 6 };

static inline void wasm_bpf__argp_indent(struct wasm_bpf__argp_out *out, int column)
{
    for (; out->column < column; out->column++)
        fputc(' ', out->file);
}

static inline void wasm_bpf__argp_newline(struct wasm_bpf__argp_out *out)
{
    fputc('\n', out->file);
    out->column = 0;
}

static inline void wasm_bpf__argp_text(struct wasm_bpf__argp_out *out, const char *text, size_t length)
{
    size_t at = 0;
    while (at < length) {
        if (text[at] == '\n') {
            wasm_bpf__argp_newline(out);
            at++;
            if (at < length && text[at] != '\n')
                wasm_bpf__argp_indent(out, out->wrap);
            continue;
        }
        size_t spaces = at, end;
        while (spaces < length && text[spaces] == ' ')
            spaces++;
        for (end = spaces; end < length && text[end] != ' ' && text[end] != '\n'; end++)
            ;
        if (out->column + (int)(end - at) >= WASM_BPF__ARGP_RIGHT && out->column > out->wrap && end > spaces &&
            spaces > at) {
            wasm_bpf__argp_newline(out);
            wasm_bpf__argp_indent(out, out->wrap);
            at = spaces;
        }
        fwrite(text + at, 1, end - at, out->file);
        out->column += (int)(end - at);
        at = end;
    }
}

/* A word of a usage line, which goes to the next line as a whole. */
static inline void wasm_bpf__argp_word(struct wasm_bpf__argp_out *out, const char *format, const char *a, const char *b)
{
    char word[512];
    int length = snprintf(word, sizeof(word), format, a, b);
    if (out->column + 1 + length >= WASM_BPF__ARGP_RIGHT) {
        wasm_bpf__argp_newline(out);
        wasm_bpf__argp_indent(out, out->wrap);
    } else {
        fputc(' ', out->file);
        out->column++;
    }
    fputs(word, out->file);
    out->column += length;
}

/* Case does not count unless nothing else differs: then small letters come first. */
static inline int wasm_bpf__argp_compare_keys(const struct argp_option *a, const struct argp_option *b)
{
    bool sa = wasm_bpf__argp_short(a), sb = wasm_bpf__argp_short(b);
    const char *na = a->name ? a->name : "", *nb = b->name ? b->name : "";
    int ca = sa ? a->key : *na, cb = sb ? b->key : *nb;
    bool da = a->flags & OPTION_DOC, db = b->flags & OPTION_DOC;
    if (da != db)
        return da - db;
    if (!sa && !sb)
        return strcasecmp(na, nb);
    int lower = tolower(ca) - tolower(cb);
    return lower ? lower : cb - ca;
}

static inline int wasm_bpf__argp_compare(const struct wasm_bpf__argp_entry *a, const struct wasm_bpf__argp_entry *b)
{
    if (a->group != b->group) {
        /* 0, 1, 2 ... then the negative ones, to -1 */
        if ((a->group < 0) != (b->group < 0))
            return a->group < 0 ? 1 : -1;
        return a->group - b->group;
    }
    bool ha = !a->option->name && !a->option->key, hb = !b->option->name && !b->option->key;
    if (ha != hb)
        return ha ? -1 : 1;
    return wasm_bpf__argp_compare_keys(a->option, b->option);
}

/* Insertion keeps those that compare equal in their order. */
static inline void wasm_bpf__argp_sort(struct wasm_bpf__argp_list *list)
{
    for (int i = 1; i < list->count; i++) {
        struct wasm_bpf__argp_entry e = list->entries[i];
        int j = i;
        for (; j > 0 && wasm_bpf__argp_compare(&e, &list->entries[j - 1]) < 0; j--)
            list->entries[j] = list->entries[j - 1];
        list->entries[j] = e;
    }
}

/* Returns whether an argument was named for a long option alone, though the short one has it too. */
static inline bool wasm_bpf__argp_entry_help(struct wasm_bpf__argp_out *out, const struct wasm_bpf__argp_entry *e)
{
    const struct argp_option *real = e->option;
    bool have_long = false, any = false, suppressed = false;
    for (int i = 0; i < e->count; i++)
        have_long |= real[i].name && !(real[i].flags & (OPTION_HIDDEN | OPTION_DOC));
    wasm_bpf__argp_indent(out, WASM_BPF__ARGP_SHORT);
    for (int i = 0; i < e->count; i++) {
        char text[300];
        if (!wasm_bpf__argp_short(&real[i]) || (real[i].flags & OPTION_HIDDEN))
            continue;
        const char *arg = real->arg;
        snprintf(text, sizeof(text), "%s-%c%s%s%s", any ? ", " : "", real[i].key,
                 !arg || have_long               ? ""
                 : real->flags & OPTION_ARG_OPTIONAL ? "["
                                                     : " ",
                 arg && !have_long ? arg : "", arg && !have_long && (real->flags & OPTION_ARG_OPTIONAL) ? "]" : "");
        suppressed |= arg && have_long;
        out->wrap = out->column;
        wasm_bpf__argp_text(out, text, strlen(text));
        any = true;
    }
    for (int i = 0; i < e->count; i++) {
        char text[400];
        if (!real[i].name || (real[i].flags & OPTION_HIDDEN))
            continue;
        const char *arg = real->flags & OPTION_DOC ? NULL : real->arg;
        if (!any && !(real->flags & OPTION_DOC))
            wasm_bpf__argp_indent(out, WASM_BPF__ARGP_LONG);
        snprintf(text, sizeof(text), "%s%s%s%s%s%s", any ? ", " : "", real->flags & OPTION_DOC ? "" : "--",
                 real[i].name, !arg ? "" : real->flags & OPTION_ARG_OPTIONAL ? "[=" : "=", arg ? arg : "",
                 arg && (real->flags & OPTION_ARG_OPTIONAL) ? "]" : "");
        fputs(text, out->file);
        out->column += (int)strlen(text);
        any = true;
    }
    if (real->doc && *real->doc) {
        if (out->column >= WASM_BPF__ARGP_DOC) {
            /* A long one reaches over the column by up to 3, as there. */
            if (out->column > WASM_BPF__ARGP_DOC + 2)
                wasm_bpf__argp_newline(out);
            else
                wasm_bpf__argp_indent(out, out->column + 1);
        }
        wasm_bpf__argp_indent(out, WASM_BPF__ARGP_DOC);
        out->wrap = WASM_BPF__ARGP_DOC;
        wasm_bpf__argp_text(out, real->doc, strlen(real->doc));
    }
    wasm_bpf__argp_newline(out);
    return suppressed;
}

static inline void wasm_bpf__argp_options_help(struct wasm_bpf__argp_out *out, const struct argp *argp, unsigned flags)
{
    static struct wasm_bpf__argp_list list;
    bool suppressed = false, headed = false, first = true;
    int group = 0;
    wasm_bpf__argp_all(&list, argp, flags);
    wasm_bpf__argp_sort(&list);
    for (int i = 0; i < list.count; i++) {
        const struct wasm_bpf__argp_entry *e = &list.entries[i];
        bool shown = false;
        for (int k = 0; k < e->count; k++)
            shown |= !(e->option[k].flags & OPTION_HIDDEN);
        if (!shown)
            continue;
        if (!first && headed && e->group != group)
            wasm_bpf__argp_newline(out);
        group = e->group;
        if (!e->option->name && !e->option->key) {
            if (e->option->doc && *e->option->doc) {
                if (!first && !headed)
                    wasm_bpf__argp_newline(out);
                out->wrap = 1;
                wasm_bpf__argp_indent(out, 1);
                wasm_bpf__argp_text(out, e->option->doc, strlen(e->option->doc));
                wasm_bpf__argp_newline(out);
            }
            headed = true;
            first = false;
            continue;
        }
        suppressed |= wasm_bpf__argp_entry_help(out, e);
        first = false;
    }
    if (suppressed)
        fputs("\nMandatory or optional arguments to long options are also mandatory or optional\nfor any corresponding "
              "short options.\n",
              out->file);
}

static inline void wasm_bpf__argp_options_usage(struct wasm_bpf__argp_out *out, const struct argp *argp, unsigned flags)
{
    static struct wasm_bpf__argp_list list;
    char letters[300];
    int count = 0;
    wasm_bpf__argp_all(&list, argp, flags);
    wasm_bpf__argp_sort(&list);
    for (int i = 0; i < list.count; i++) {
        for (int k = 0; k < list.entries[i].count; k++) {
            const struct argp_option *o = &list.entries[i].option[k];
            if (wasm_bpf__argp_short(o) && !list.entries[i].option->arg &&
                !(o->flags & (OPTION_HIDDEN | OPTION_NO_USAGE)))
                letters[count++] = (char)o->key;
        }
    }
    letters[count] = '\0';
    if (count)
        wasm_bpf__argp_word(out, "[-%s%s]", letters, "");
    for (int i = 0; i < list.count; i++) {
        const struct argp_option *o = list.entries[i].option;
        char letter[2] = {(char)o->key, '\0'};
        if (wasm_bpf__argp_short(o) && o->arg && !(o->flags & (OPTION_HIDDEN | OPTION_NO_USAGE)))
            wasm_bpf__argp_word(out, o->flags & OPTION_ARG_OPTIONAL ? "[-%s[%s]]" : "[-%s %s]", letter, o->arg);
    }
    for (int i = 0; i < list.count; i++) {
        for (int k = 0; k < list.entries[i].count; k++) {
            const struct argp_option *o = &list.entries[i].option[k];
            const char *arg = list.entries[i].option->arg;
            if (!o->name || (o->flags & (OPTION_HIDDEN | OPTION_NO_USAGE | OPTION_DOC)))
                continue;
            wasm_bpf__argp_word(out, !arg ? "[--%s%s]" : o->flags & OPTION_ARG_OPTIONAL ? "[--%s[=%s]]" : "[--%s=%s]",
                                o->name, arg ? arg : "");
        }
    }
}

__attribute__((weak)) void wasm_bpf__argp_print(const struct argp *argp, unsigned argp_flags, FILE *stream,
                                                unsigned flags, const char *name)
{
    struct wasm_bpf__argp_out out = {stream, 0, 0};
    const char *doc = argp ? argp->doc : NULL;
    const char *post = doc ? strchr(doc, '\v') : NULL;
    bool anything = false;
    if (flags & (ARGP_HELP_USAGE | ARGP_HELP_SHORT_USAGE)) {
        const char *args = argp && argp->args_doc ? argp->args_doc : "";
        /* Several forms of arguments stand on lines of their own. */
        for (bool more = true, first = true; more; first = false) {
            size_t length = strcspn(args, "\n");
            char one[300];
            snprintf(one, sizeof(one), "%.*s", (int)length, args);
            more = args[length] != '\0';
            args += length + (more ? 1 : 0);
            out.column = fprintf(stream, "%s %s", first ? "Usage:" : "  or: ", name);
            out.wrap = 12;
            if (!first || (flags & ARGP_HELP_SHORT_USAGE))
                wasm_bpf__argp_word(&out, "[OPTION...]%s%s", "", "");
            else
                wasm_bpf__argp_options_usage(&out, argp, argp_flags);
            if (argp && argp->args_doc)
                wasm_bpf__argp_word(&out, "%s%s", one, "");
            else if (flags & ARGP_HELP_SHORT_USAGE)
                fputc(' ', stream);
            wasm_bpf__argp_newline(&out);
        }
        anything = true;
    }
    out.wrap = 0;
    if ((flags & ARGP_HELP_PRE_DOC) && doc && (post ? post != doc : *doc)) {
        wasm_bpf__argp_text(&out, doc, post ? (size_t)(post - doc) : strlen(doc));
        if (out.column)
            wasm_bpf__argp_newline(&out);
        anything = true;
    }
    if (flags & ARGP_HELP_SEE) {
        fprintf(stream, "Try `%s --help' or `%s --usage' for more information.\n", name, name);
        anything = true;
    }
    if (flags & ARGP_HELP_LONG) {
        if (anything)
            fputc('\n', stream);
        wasm_bpf__argp_options_help(&out, argp, argp_flags);
        anything = true;
    }
    if ((flags & ARGP_HELP_POST_DOC) && post && post[1]) {
        if (anything)
            fputc('\n', stream);
        out.wrap = 0;
        wasm_bpf__argp_text(&out, post + 1, strlen(post + 1));
        if (out.column)
            wasm_bpf__argp_newline(&out);
        anything = true;
    }
    if ((flags & ARGP_HELP_BUG_ADDR) && &argp_program_bug_address && argp_program_bug_address) {
        if (anything)
            fputc('\n', stream);
        fprintf(stream, "Report bugs to %s.\n", argp_program_bug_address);
    }
}

static inline int wasm_bpf__argp_status(void)
{
    return &argp_err_exit_status ? argp_err_exit_status : 64;
}

static inline void argp_state_help(const struct argp_state *state, FILE *stream, unsigned flags)
{
    if (!stream || (state && (state->flags & ARGP_NO_ERRS)))
        return;
    if (state && (state->flags & ARGP_LONG_ONLY))
        flags |= ARGP_HELP_LONG_ONLY;
    wasm_bpf__argp_print(state ? state->root_argp : NULL, state ? state->flags : 0, stream, flags,
                         state && state->name ? state->name : "guest");
    if (state && (state->flags & ARGP_NO_EXIT))
        return;
    if (flags & ARGP_HELP_EXIT_ERR)
        exit(wasm_bpf__argp_status());
    if (flags & ARGP_HELP_EXIT_OK)
        exit(0);
}

static inline void argp_help(const struct argp *argp, FILE *stream, unsigned flags, char *name)
{
    wasm_bpf__argp_print(argp, 0, stream, flags, name);
}

static inline void argp_usage(const struct argp_state *state)
{
    argp_state_help(state, stderr, ARGP_HELP_STD_USAGE);
}

__attribute__((format(printf, 2, 3))) static inline void argp_error(const struct argp_state *state, const char *format,
                                                                    ...)
{
    va_list args;
    if (state && (state->flags & ARGP_NO_ERRS))
        return;
    fprintf(stderr, "%s: ", state && state->name ? state->name : "guest");
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    argp_state_help(state, stderr, ARGP_HELP_STD_ERR);
}

__attribute__((format(printf, 4, 5))) static inline void
argp_failure(const struct argp_state *state, int status, int errnum, const char *format, ...)
{
    va_list args;
    if (state && (state->flags & ARGP_NO_ERRS))
        return;
    fprintf(stderr, "%s", state && state->name ? state->name : "guest");
    if (format) {
        fputs(": ", stderr);
        va_start(args, format);
        vfprintf(stderr, format, args);
        va_end(args);
    }
    if (errnum)
        fprintf(stderr, ": %s", strerror(errnum));
    fputc('\n', stderr);
    if (status && !(state && (state->flags & ARGP_NO_EXIT)))
        exit(status);
}

/* ---- parsing ---------------------------------------------------------------------------------------------------------- */

enum { WASM_BPF__ARGP_MOST = 32 };

/* The argps there are, each with what its parser is given. */
struct wasm_bpf__argp_group {
    const struct argp *argp;
    int parent; /* -1: none */
    int child;  /* which of the parent's */
    void *input;
    void **child_inputs;
    void *hook;
    unsigned args;
};

struct wasm_bpf__argp_parse {
    struct wasm_bpf__argp_group groups[WASM_BPF__ARGP_MOST];
    int count;
    struct argp_state state;
};

static inline void wasm_bpf__argp_groups(struct wasm_bpf__argp_parse *p, const struct argp *argp, int parent, int child)
{
    if (p->count == WASM_BPF__ARGP_MOST)
        return;
    int own = p->count++, children = 0;
    for (const struct argp_child *c = argp->children; c && c->argp; c++)
        children++;
    struct wasm_bpf__argp_group *g = &p->groups[own];
    memset(g, 0, sizeof(*g));
    g->argp = argp;
    g->parent = parent;
    g->child = child;
    g->child_inputs = children ? (void **)calloc((size_t)children, sizeof(void *)) : NULL;
    for (int i = 0; i < children; i++)
        wasm_bpf__argp_groups(p, argp->children[i].argp, own, i);
}

static inline error_t wasm_bpf__argp_call(struct wasm_bpf__argp_parse *p, struct wasm_bpf__argp_group *g, int key,
                                          char *arg)
{
    if (!g->argp->parser)
        return ARGP_ERR_UNKNOWN;
    p->state.hook = g->hook;
    p->state.input = g->input;
    p->state.child_inputs = g->child_inputs;
    p->state.arg_num = g->args;
    error_t err = g->argp->parser(key, arg, &p->state);
    g->hook = p->state.hook;
    return err;
}

static inline error_t wasm_bpf__argp_option(struct wasm_bpf__argp_parse *p, const struct wasm_bpf__argp_entry *e,
                                            int key, char *arg, const char *shown)
{
    if (!e->argp) {
        struct argp_state *state = &p->state;
        if (key == WASM_BPF__ARGP_HELP_KEY) {
            argp_state_help(state, state->out_stream, ARGP_HELP_STD_HELP);
        } else if (key == WASM_BPF__ARGP_USAGE_KEY) {
            argp_state_help(state, state->out_stream, ARGP_HELP_USAGE | ARGP_HELP_EXIT_OK);
        } else {
            if (&argp_program_version_hook && argp_program_version_hook)
                argp_program_version_hook(state->out_stream, state);
            else
                fprintf(state->out_stream, "%s\n", argp_program_version);
            if (!(state->flags & ARGP_NO_EXIT))
                exit(0);
        }
        return 0;
    }
    for (int i = 0; i < p->count; i++) {
        if (p->groups[i].argp != e->argp)
            continue;
        error_t err = wasm_bpf__argp_call(p, &p->groups[i], key, arg);
        if (err == ARGP_ERR_UNKNOWN)
            argp_error(&p->state, "%s: (PROGRAM ERROR) Option should have been recognized!?", shown);
        return err;
    }
    return ARGP_ERR_UNKNOWN;
}

__attribute__((format(printf, 2, 3))) static inline error_t wasm_bpf__argp_bad(struct wasm_bpf__argp_parse *p,
                                                                               const char *format, ...)
{
    va_list args;
    if (!(p->state.flags & ARGP_NO_ERRS)) {
        fprintf(stderr, "%s: ", p->state.name);
        va_start(args, format);
        vfprintf(stderr, format, args);
        va_end(args);
        fputc('\n', stderr);
        argp_state_help(&p->state, stderr, ARGP_HELP_STD_ERR);
    }
    return EINVAL;
}

/* The option of that long name, or of the only one that begins so. */
static inline error_t wasm_bpf__argp_long(struct wasm_bpf__argp_parse *p, const struct wasm_bpf__argp_list *list,
                                          char *text)
{
    size_t length = strcspn(text, "=");
    const struct wasm_bpf__argp_entry *found = NULL;
    const struct argp_option *option = NULL;
    bool exact = false, several = false;
    for (int i = 0; i < list->count; i++) {
        for (int k = 0; k < list->entries[i].count; k++) {
            const struct argp_option *o = &list->entries[i].option[k];
            if (!o->name || (o->flags & OPTION_DOC) || strncmp(o->name, text, length) || exact)
                continue;
            exact = strlen(o->name) == length;
            several = !exact && found && found != &list->entries[i];
            found = &list->entries[i];
            option = o;
        }
    }
    if (several)
        return wasm_bpf__argp_bad(p, "option '--%.*s' is ambiguous", (int)length, text);
    if (!found)
        return wasm_bpf__argp_bad(p, "unrecognized option '--%s'", text);
    char *arg = text[length] ? text + length + 1 : NULL;
    if (arg && !found->option->arg)
        return wasm_bpf__argp_bad(p, "option '--%s' doesn't allow an argument", option->name);
    if (!arg && found->option->arg && !(found->option->flags & OPTION_ARG_OPTIONAL)) {
        if (p->state.next >= p->state.argc)
            return wasm_bpf__argp_bad(p, "option '--%s' requires an argument", option->name);
        arg = p->state.argv[p->state.next++];
    }
    return wasm_bpf__argp_option(p, found, option->key ? option->key : found->option->key, arg, option->name);
}

/* The letters of one argument behind its -. */
static inline error_t wasm_bpf__argp_letters(struct wasm_bpf__argp_parse *p, const struct wasm_bpf__argp_list *list,
                                             char *text)
{
    error_t err = 0;
    for (; *text && !err; text++) {
        const struct wasm_bpf__argp_entry *found = NULL;
        for (int i = 0; i < list->count && !found; i++) {
            for (int k = 0; k < list->entries[i].count; k++) {
                if (wasm_bpf__argp_short(&list->entries[i].option[k]) && list->entries[i].option[k].key == *text)
                    found = &list->entries[i];
            }
        }
        if (!found)
            return wasm_bpf__argp_bad(p, "invalid option -- '%c'", *text);
        char shown[2] = {*text, '\0'};
        char *arg = NULL;
        if (found->option->arg) {
            arg = text[1] ? text + 1 : NULL;
            if (!arg && !(found->option->flags & OPTION_ARG_OPTIONAL)) {
                if (p->state.next >= p->state.argc)
                    return wasm_bpf__argp_bad(p, "option requires an argument -- '%c'", *text);
                arg = p->state.argv[p->state.next++];
            }
            return wasm_bpf__argp_option(p, found, *text, arg, shown);
        }
        err = wasm_bpf__argp_option(p, found, *text, NULL, shown);
    }
    return err;
}

/* Hands an argument that is no option to the first parser that takes it. */
static inline error_t wasm_bpf__argp_arg(struct wasm_bpf__argp_parse *p, char *arg)
{
    error_t err = ARGP_ERR_UNKNOWN;
    for (int i = 0; i < p->count && err == ARGP_ERR_UNKNOWN; i++) {
        int at = p->state.next;
        err = wasm_bpf__argp_call(p, &p->groups[i], ARGP_KEY_ARG, arg);
        if (err == ARGP_ERR_UNKNOWN) {
            p->state.next = at - 1;
            err = wasm_bpf__argp_call(p, &p->groups[i], ARGP_KEY_ARGS, NULL);
            if (err == ARGP_ERR_UNKNOWN)
                p->state.next = at;
            else if (!err && p->state.next == at - 1)
                p->state.next = p->state.argc;
        }
        if (!err)
            p->groups[i].args++;
    }
    if (err == ARGP_ERR_UNKNOWN) {
        argp_error(&p->state, "Too many arguments");
        err = EINVAL;
    }
    return err;
}

/* Moves arguments that are no options behind those that are, each with its order kept. */
static inline int wasm_bpf__argp_permute(const struct wasm_bpf__argp_list *list, int argc, char **argv, int from)
{
    char **rest = (char **)malloc(sizeof(char *) * (size_t)(argc + 1));
    int options = from, others = 0, i = from;
    for (; i < argc; i++) {
        char *arg = argv[i];
        if (!strcmp(arg, "--")) {
            argv[options++] = arg;
            i++;
            break;
        }
        if (arg[0] != '-' || !arg[1]) {
            rest[others++] = arg;
            continue;
        }
        bool takes = false;
        if (arg[1] == '-') {
            size_t length = strcspn(arg + 2, "=");
            for (int e = 0; e < list->count; e++)
                for (int k = 0; k < list->entries[e].count; k++)
                    takes |= list->entries[e].option[k].name && arg[2 + length] != '=' &&
                             !strncmp(list->entries[e].option[k].name, arg + 2, length) &&
                             list->entries[e].option->arg && !(list->entries[e].option->flags & OPTION_ARG_OPTIONAL);
        } else {
            for (char *c = arg + 1; *c; c++) {
                const struct argp_option *real = NULL;
                for (int e = 0; e < list->count && !real; e++)
                    for (int k = 0; k < list->entries[e].count; k++)
                        if (wasm_bpf__argp_short(&list->entries[e].option[k]) &&
                            list->entries[e].option[k].key == *c)
                            real = list->entries[e].option;
                if (real && real->arg) {
                    takes = !c[1] && !(real->flags & OPTION_ARG_OPTIONAL);
                    break;
                }
            }
        }
        argv[options++] = arg;
        if (takes && i + 1 < argc)
            argv[options++] = argv[++i];
    }
    int end = options;
    for (int k = 0; k < others; k++)
        argv[options++] = rest[k];
    free(rest);
    return end;
}

/* Parses a command line. end_index receives what was not parsed; without it that is an error. */
__attribute__((weak)) error_t argp_parse(const struct argp *argp, int argc, char **argv, unsigned flags, int *end_index,
                                         void *input)
{
    static struct wasm_bpf__argp_list list;
    struct wasm_bpf__argp_parse *p = (struct wasm_bpf__argp_parse *)calloc(1, sizeof(*p));
    error_t err = 0;
    if (!p)
        return ENOMEM;
    char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
    if (argp)
        wasm_bpf__argp_groups(p, argp, -1, 0);
    p->state.root_argp = argp;
    p->state.argc = argc;
    p->state.argv = argv;
    p->state.flags = flags;
    p->state.next = flags & ARGP_PARSE_ARGV0 ? 0 : 1;
    p->state.name = argc > 0 ? (slash ? slash + 1 : argv[0]) : (char *)"guest";
    p->state.err_stream = stderr;
    p->state.out_stream = stdout;
    wasm_bpf__argp_all(&list, argp, flags);
    for (int i = 0; i < p->count && !err; i++) {
        struct wasm_bpf__argp_group *g = &p->groups[i];
        g->input = g->parent < 0 ? input : p->groups[g->parent].child_inputs[g->child];
        err = wasm_bpf__argp_call(p, g, ARGP_KEY_INIT, NULL);
        err = err == ARGP_ERR_UNKNOWN ? 0 : err;
    }
    int options_end = flags & ARGP_IN_ORDER ? argc : wasm_bpf__argp_permute(&list, argc, argv, p->state.next);
    while (!err && p->state.next < p->state.argc) {
        char *arg = argv[p->state.next++];
        if (p->state.quoted || arg[0] != '-' || !arg[1] || (!(flags & ARGP_IN_ORDER) && p->state.next > options_end)) {
            if (flags & ARGP_NO_ARGS) {
                p->state.next--;
                break;
            }
            err = wasm_bpf__argp_arg(p, arg);
        } else if (!strcmp(arg, "--")) {
            p->state.quoted = p->state.next;
        } else if (arg[1] == '-') {
            err = wasm_bpf__argp_long(p, &list, arg + 2);
        } else {
            err = wasm_bpf__argp_letters(p, &list, arg + 1);
        }
    }
    if (end_index)
        *end_index = p->state.next;
    else if (!err && p->state.next < p->state.argc) {
        argp_error(&p->state, "Too many arguments");
        err = EINVAL;
    }
    for (int i = 0; i < p->count && !err; i++) {
        if (!p->groups[i].args)
            err = wasm_bpf__argp_call(p, &p->groups[i], ARGP_KEY_NO_ARGS, NULL);
        err = err == ARGP_ERR_UNKNOWN ? 0 : err;
    }
    for (int i = p->count - 1; i >= 0 && !err; i--) {
        err = wasm_bpf__argp_call(p, &p->groups[i], ARGP_KEY_END, NULL);
        err = err == ARGP_ERR_UNKNOWN ? 0 : err;
    }
    for (int i = p->count - 1; i >= 0; i--) {
        error_t last = wasm_bpf__argp_call(p, &p->groups[i], err ? ARGP_KEY_ERROR : ARGP_KEY_SUCCESS, NULL);
        err = !err && last != ARGP_ERR_UNKNOWN ? last : err;
    }
    for (int i = p->count - 1; i >= 0; i--) {
        wasm_bpf__argp_call(p, &p->groups[i], ARGP_KEY_FINI, NULL);
        free(p->groups[i].child_inputs);
    }
    free(p);
    return err;
}

#ifdef __cplusplus
}
#endif

#endif /* WASM_BPF_ARGP_H */
