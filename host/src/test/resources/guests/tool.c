// The guest of RunnerIT: one program whose first argument says what to do. Built against wasi-libc, so that what its
// functions make of our answers is tested too.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define IMPORT(name) __attribute__((import_module("wasm_bpf"), import_name(name)))
IMPORT("wasm_load_bpf_object") unsigned long long load(const void *, int);
IMPORT("wasm_close_bpf_object") int close_object(unsigned long long);
IMPORT("wasm_attach_bpf_program") int attach(unsigned long long, const char *, const char *);
IMPORT("wasm_bpf_buffer_poll") int poll_buffer(unsigned long long, int, int (*)(void *, void *, int), void *, void *, int, int);
IMPORT("wasm_bpf_map_fd_by_name") int map_fd(unsigned long long, const char *);
IMPORT("wasm_bpf_map_operate") int operate(int, int, const void *, const void *, void *, unsigned long long);

extern char **environ;

__attribute__((noinline)) static int inner(int n) { if (n == 0) __builtin_trap(); return inner(n - 1) + 1; }

static unsigned long long load_file(const char *path)
{
    static char image[1 << 20];
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(9);
    }
    size_t size = fread(image, 1, sizeof(image), file);
    fclose(file);
    return load(image, (int)size);
}

static int print(void *ctx, void *data, int size)
{
    printf("event %d of %d bytes\n", ((unsigned char *)data)[0], size);
    return 0;
}

/// Attaches abi.bpf.o to the getppid calls of process argv[3] and prints its events till told to finish.
static int ring(char **argv)
{
    static char buffer[4096];
    unsigned long long object = load_file(argv[2]);
    if (!object)
        return 8;
    unsigned key = 0, config[2] = {(unsigned)atoi(argv[3]), 16};
    if (operate(map_fd(object, ".data"), 2, &key, config, 0, 0))
        return 7;
    if (attach(object, "on_getppid", ""))
        return 6;
    printf("ready\n");
    int result;
    do
        result = poll_buffer(object, map_fd(object, "rb"), print, 0, buffer, sizeof(buffer), 100);
    while (result >= 0);
    printf("poll: %s\n", result == -EINTR ? "EINTR" : "another error");
    return close_object(object);
}

#define MUST(condition) do { if (!(condition)) { printf("line %d: %s: %s\n", __LINE__, #condition, strerror(errno)); return 1; } } while (0)

/// Everything wasi-libc has for files, beneath /data.
static int files(void)
{
    char text[100] = "";
    struct stat st;
    MUST(mkdir("/data/dir", 0755) == 0);
    FILE *f = fopen("/data/dir/file", "w+");
    MUST(f);
    MUST(fprintf(f, "hello %d\n", 42) == 9);
    MUST(fseek(f, 6, SEEK_SET) == 0);
    MUST(fgets(text, sizeof(text), f) && !strcmp(text, "42\n"));
    MUST(fclose(f) == 0);
    MUST(stat("/data/dir/file", &st) == 0 && st.st_size == 9 && S_ISREG(st.st_mode));
    MUST(rename("/data/dir/file", "/data/dir/other") == 0);
    MUST(stat("/data/dir/file", &st) == -1 && errno == ENOENT);
    MUST(symlink("other", "/data/dir/link") == 0);
    MUST(readlink("/data/dir/link", text, sizeof(text)) == 5);
    MUST(access("/data/dir/link", R_OK) == 0);
    MUST(truncate("/data/dir/other", 5) == 0);
    f = fopen("/data/dir/link", "a");
    MUST(f && fputs("!", f) >= 0 && fclose(f) == 0);
    f = fopen("/data/dir/other", "r");
    MUST(f && fgets(text, sizeof(text), f) && !strcmp(text, "hello!"));
    fclose(f);
    DIR *d = opendir("/data/dir");
    MUST(d);
    int names = 0;
    for (struct dirent *e; (e = readdir(d));)
        names++;
    closedir(d);
    MUST(names == 4 || names == 2); // with or without . and ..
    MUST(fopen("/data/../etc/passwd", "r") == NULL);
    MUST(fopen("/etc/passwd", "r") == NULL);
    MUST(unlink("/data/dir/link") == 0);
    MUST(rmdir("/data/dir") == -1 && errno == ENOTEMPTY);
    MUST(unlink("/data/dir/other") == 0);
    MUST(rmdir("/data/dir") == 0);
    return 0;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    int n = argc > 2 ? atoi(argv[2]) : 0;
    if (!strcmp(what, "args"))
        for (int i = 0; i < argc; i++)
            printf("%s\n", argv[i]);
    else if (!strcmp(what, "env"))
        for (char **e = environ; *e; e++)
            printf("%s\n", *e);
    else if (!strcmp(what, "exit"))
        exit(n);
    else if (!strcmp(what, "trap")) {
        printf("before\n");
        return inner(3);
    } else if (!strcmp(what, "spin")) {
        printf("spinning\n");
        for (volatile int i = 0;; i++)
            ;
    } else if (!strcmp(what, "sleep")) {
        printf("sleeping\n");
        struct timespec t = {n, 0};
        int result = nanosleep(&t, 0);
        printf("woke: %s\n", result ? strerror(errno) : "slept");
        return 3;
    } else if (!strcmp(what, "tick"))
        for (int i = 0;; i++) {
            printf("tick %d\n", i);
            usleep(100000);
        }
    else if (!strcmp(what, "cat")) {
        int c;
        while ((c = getchar()) != EOF)
            putchar(c);
        return ferror(stdin) ? 4 : 0;
    } else if (!strcmp(what, "isatty"))
        printf("%d%d%d\n", isatty(0), isatty(1), isatty(2));
    else if (!strcmp(what, "lines"))
        for (int i = 0; i < n; i++)
            printf("line %d\n", i);
    else if (!strcmp(what, "alloc")) {
        void *volatile block = malloc((size_t)n << 20); // volatile: or clang knows better
        return block ? 0 : 5;
    }
    else if (!strcmp(what, "files"))
        return files();
    else if (!strcmp(what, "load"))
        return load_file(argv[2]) ? 0 : 8;
    else if (!strcmp(what, "ring"))
        return ring(argv);
    else if (!strcmp(what, "write")) {
        FILE *f = fopen(argv[2], "w");
        if (!f) {
            perror(argv[2]);
            return 1;
        }
    } else
        return 99;
    return 0;
}
