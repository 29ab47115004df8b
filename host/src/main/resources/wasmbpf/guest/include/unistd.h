/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* unistd.h for wasm-bpf guests: the C library's, and what it lacks. Sleeps run signal handlers. */
#include_next <unistd.h>

#ifndef WASM_BPF_UNISTD_H
#define WASM_BPF_UNISTD_H

#include <errno.h>
#include <wasm-bpf/signals.h>

#ifdef __cplusplus
extern "C" {
#endif

static inline unsigned wasm_bpf__sleep_seconds(unsigned seconds)
{
    int64_t left;
    return wasm_bpf__sleep(seconds * 1000000000LL, &left) ? (unsigned)((left + 999999999) / 1000000000) : 0;
}

static inline int wasm_bpf__usleep(unsigned micros)
{
    int64_t left;
    return wasm_bpf__sleep(micros * 1000LL, &left);
}

static inline int wasm_bpf__pause(void)
{
    int64_t left;
    while (!wasm_bpf__sleep(3600000000000LL, &left))
        ;
    return -1;
}

static inline unsigned wasm_bpf__alarm(unsigned seconds)
{
    int64_t left = wasm_bpf__until_alarm(-1);
    wasm_bpf__signal_state.alarm_at = seconds ? wasm_bpf__now() + seconds * 1000000000LL : 0;
    return left < 0 ? 0 : (unsigned)((left + 999999999) / 1000000000);
}

static inline long wasm_bpf__sysconf(int name)
{
    if (name == _SC_NPROCESSORS_CONF)
        return (long)wasm_bpf_query(WASM_BPF_POSSIBLE_CPUS);
    if (name == _SC_NPROCESSORS_ONLN)
        return (long)wasm_bpf_query(WASM_BPF_ONLINE_CPUS);
    return sysconf(name);
}

#define sleep(seconds) wasm_bpf__sleep_seconds(seconds)
#define usleep(micros) wasm_bpf__usleep(micros)
#define pause() wasm_bpf__pause()
#define alarm(seconds) wasm_bpf__alarm(seconds)
#define sysconf(name) wasm_bpf__sysconf(name)

#define getpagesize() ((int)wasm_bpf_query(WASM_BPF_PAGE_SIZE))

/* A module starts no process. */
static inline pid_t wasm_bpf__no_process(void)
{
    errno = ENOSYS;
    return -1;
}

#define fork() wasm_bpf__no_process()
#define vfork() wasm_bpf__no_process()
#define execl(path, ...) ((void)(path), wasm_bpf__no_process())
#define execlp(file, ...) ((void)(file), wasm_bpf__no_process())
#define execv(path, argv) ((void)(path), (void)(argv), wasm_bpf__no_process())
#define execve(path, argv, envp) ((void)(path), (void)(argv), (void)(envp), wasm_bpf__no_process())
#define execvp(file, argv) ((void)(file), (void)(argv), wasm_bpf__no_process())

/* Of the host's process and thread. */
#define getpid() ((pid_t)wasm_bpf_query(WASM_BPF_PID))
#define gettid() ((pid_t)wasm_bpf_query(WASM_BPF_TID))
#define geteuid() ((uid_t)wasm_bpf_query(WASM_BPF_EUID))
#define getuid() ((uid_t)wasm_bpf_query(WASM_BPF_EUID))

/* System calls by number, of which <sys/syscall.h> names those there are. */
long wasm_bpf__syscall(long number, ...);
#define syscall(...) wasm_bpf__syscall(__VA_ARGS__)

#ifdef __cplusplus
}
#endif

#include <sys/syscall.h>

#endif /* WASM_BPF_UNISTD_H */
