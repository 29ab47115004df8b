// A guest for AbiKernelTest that does nothing by itself: it re-exports the host functions it imports, so that the test
// calls them through the real import path, and has callbacks of every temper.
#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#define EXPORT(name) __attribute__((export_name(name)))
typedef unsigned int u32;
typedef unsigned long long u64;

IMPORT("wasm_bpf", "wasm_load_bpf_object") u64 load(u32, u32);
IMPORT("wasm_bpf", "wasm_close_bpf_object") int close_object(u64);
IMPORT("wasm_bpf", "wasm_attach_bpf_program") int attach(u64, u32, u32);
IMPORT("wasm_bpf", "wasm_attach_bpf_program_fd") int attach_fd(u64, u32, int);
IMPORT("wasm_bpf", "wasm_bpf_buffer_poll") int poll(u64, int, u32, u32, u32, int, int);
IMPORT("wasm_bpf", "wasm_bpf_map_fd_by_name") int map_fd(u64, u32);
IMPORT("wasm_bpf", "wasm_bpf_map_operate") int operate(int, int, u32, u32, u32, u64);
IMPORT("wasm_bpf", "wasm_bpf_map_operate") int operate64(int, int, u64, u64, u64, u64);
IMPORT("callback-wrapper", "wasm_bpf_buffer_poll") int poll_export(u64, int, u32, u32, int, int);
IMPORT("env", "wasm_bpf_map_fd_by_name") int env_map_fd(u64, u32);
IMPORT("wasi_snapshot_preview1", "proc_exit") _Noreturn void proc_exit(int);

EXPORT("load") u64 x_load(u32 p, u32 n) { return load(p, n); }
EXPORT("close") int x_close(u64 h) { return close_object(h); }
EXPORT("attach") int x_attach(u64 h, u32 name, u32 target) { return attach(h, name, target); }
EXPORT("attach_fd") int x_attach_fd(u64 h, u32 name, int fd) { return attach_fd(h, name, fd); }
EXPORT("map_fd") int x_map_fd(u64 h, u32 name) { return map_fd(h, name); }
EXPORT("env_map_fd") int x_env_map_fd(u64 h, u32 name) { return env_map_fd(h, name); }
EXPORT("operate") int x_operate(int fd, int cmd, u32 k, u32 v, u32 n, u64 f) { return operate(fd, cmd, k, v, n, f); }
EXPORT("operate64") int x_operate64(int fd, int cmd, u64 k, u64 v, u64 n, u64 f) { return operate64(fd, cmd, k, v, n, f); }
EXPORT("poll_export") int x_poll_export(u64 h, int fd, u32 c, u32 d, int m, int t) { return poll_export(h, fd, c, d, m, t); }

// What the callbacks have seen: calls, the last arguments, the sum of the events' first bytes.
static struct { u32 calls, ctx, data, size, sum; } seen;
static u64 handle;
static int nested_fd;

static void note(u32 ctx, u32 data, u32 size)
{
    seen.calls++;
    seen.ctx = ctx;
    seen.data = data;
    seen.size = size;
    if (size)
        seen.sum += *(unsigned char *)data;
}

static int count(u32 ctx, u32 data, u32 size) { note(ctx, data, size); return 0; }
static int stop(u32 ctx, u32 data, u32 size) { note(ctx, data, size); return -77; }
static int positive(u32 ctx, u32 data, u32 size) { note(ctx, data, size); return 5; }
static int trap(u32 ctx, u32 data, u32 size) { note(ctx, data, size); __builtin_trap(); }
static int quit(u32 ctx, u32 data, u32 size) { note(ctx, data, size); proc_exit(5); }
static int closing(u32 ctx, u32 data, u32 size) { note(ctx, data, size); return close_object(handle); }
static int growing(u32 ctx, u32 data, u32 size) { note(ctx, data, size); __builtin_wasm_memory_grow(0, 16); return 0; }
static int nested(u32 ctx, u32 data, u32 size)
{
    note(ctx, data, size);
    poll(handle, nested_fd, (u32)count, 2, data + 2048, 1024, 0);
    return 0;
}
static void other_type(void) {}

EXPORT("seen") u32 x_seen(void) { return (u32)&seen; }
EXPORT("forget") void forget(void) { __builtin_memset(&seen, 0, sizeof(seen)); }
EXPORT("callback") u32 callback(int which, u64 h, int fd)
{
    handle = h;
    nested_fd = fd;
    switch (which) {
    case 0: return (u32)count;
    case 1: return (u32)stop;
    case 2: return (u32)trap;
    case 3: return (u32)quit;
    case 4: return (u32)closing;
    case 5: return (u32)growing;
    case 6: return (u32)nested;
    case 7: return (u32)positive;
    default: return (u32)other_type;
    }
}
EXPORT("poll") int x_poll(u64 h, int fd, u32 f, u32 c, u32 d, int m, int t) { return poll(h, fd, f, c, d, m, t); }
EXPORT("go-callback") int go_callback(u32 ctx, u32 data, u32 size) { note(ctx, data, size); return 0; }
