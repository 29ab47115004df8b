// A guest in the form of TinyGo's programs, which cannot pass a function's address: the poll function without a callback comes
// from a module of its own, events go to an export, and map_operate takes its pointers as i64.
//   wrapped.wasm OBJECT PID: attaches abi.bpf.o to the getppid calls of PID, prints five events and ends.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef WRAPPER
#define WRAPPER "callback-wrapper"
#define CALLBACK "go-callback"
#endif

typedef unsigned long long u64;

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
IMPORT("wasm_bpf", "wasm_load_bpf_object") u64 load(const void *, int);
IMPORT("wasm_bpf", "wasm_close_bpf_object") int close_object(u64);
IMPORT("wasm_bpf", "wasm_attach_bpf_program") int attach(u64, const char *, const char *);
IMPORT("wasm_bpf", "wasm_bpf_map_fd_by_name") int map_fd(u64, const char *);
IMPORT("wasm_bpf", "wasm_bpf_map_operate") int operate(int, int, u64, u64, u64, u64);
IMPORT(WRAPPER, "wasm_bpf_buffer_poll") int poll_buffer(u64, int, int, void *, int, int);

static int seen;

#ifdef CALLBACK
__attribute__((export_name(CALLBACK))) int on_event(int context, unsigned char *data, int size)
{
    printf("event %d of %d bytes, context %d\n", data[0], size, context);
    seen++;
    return 0;
}
#endif

int main(int argc, char **argv)
{
    static char image[1 << 20], buffer[4096];
    int file = argc > 2 ? open(argv[1], O_RDONLY) : -1;
    int size = file < 0 ? 0 : (int)read(file, image, sizeof(image));
    u64 object = load(image, size);
    if (!object)
        return 8;
    unsigned key = 0, config[2] = {(unsigned)atoi(argv[2]), 16};
    if (operate(map_fd(object, ".data"), 2, (u64)(size_t)&key, (u64)(size_t)config, 0, 0))
        return 7;
    if (attach(object, "on_getppid", ""))
        return 6;
    printf("ready\n");
    fflush(stdout);
    while (seen < 5) {
        int result = poll_buffer(object, map_fd(object, "rb"), 42, buffer, sizeof(buffer), 100);
        if (result < 0) {
            printf("poll: %d\n", result);
            return 5;
        }
    }
    return close_object(object);
}
