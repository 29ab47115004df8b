/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * wasm-bpf/signals.h: signals reach a module where it waits. SIGINT and SIGTERM end a poll of a buffer, which then runs
 * their handlers and returns -EINTR, and a sleep, which runs them and ends. Without a handler a sleep ends the program,
 * as the signal would. alarm() is due where the module waits, too. <signal.h> and <unistd.h> are what is for use.
 */
#ifndef WASM_BPF_SIGNALS_H
#define WASM_BPF_SIGNALS_H

#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <wasm-bpf/host.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WASM_BPF__NSIG 65
#define WASM_BPF__SIGALRM 14
/* SIG_IGN's address: not Linux's 1, which is that of the first function that a module takes the address of. */
#define WASM_BPF__SIG_IGN ((uintptr_t)-2)

/* One for the program, however many of its files include this. A handler of NULL is SIG_DFL. */
struct wasm_bpf__signal_state {
    void (*handler[WASM_BPF__NSIG])(int);
    int64_t alarm_at; /* when alarm() is due, in nanoseconds of the monotonic clock; 0: never */
};
__attribute__((weak)) struct wasm_bpf__signal_state wasm_bpf__signal_state;

/* Runs a signal's handler. Whether there is one, or the signal is ignored. */
static inline int wasm_bpf__deliver(int sig)
{
    void (*handler)(int) = sig > 0 && sig < WASM_BPF__NSIG ? wasm_bpf__signal_state.handler[sig] : NULL;
    if (!handler)
        return 0;
    if ((uintptr_t)handler != WASM_BPF__SIG_IGN)
        handler(sig);
    return 1;
}

/* Runs the handlers of signals that came. The number of one that has none, or 0. */
static inline int wasm_bpf__signals(void)
{
    int unhandled = 0;
    int before = errno;
    for (int sig = wasm_bpf_signal(0, 0); sig > 0; sig = wasm_bpf_signal(0, 0)) {
        if (!wasm_bpf__deliver(sig))
            unhandled = sig;
    }
    errno = before;
    return unhandled;
}

static inline int64_t wasm_bpf__now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Nanoseconds to wait: no longer than until alarm() is due. Negative: for ever. */
static inline int64_t wasm_bpf__until_alarm(int64_t nanos)
{
    int64_t left;
    if (!wasm_bpf__signal_state.alarm_at)
        return nanos;
    left = wasm_bpf__signal_state.alarm_at - wasm_bpf__now();
    left = left < 0 ? 0 : left;
    return nanos >= 0 && nanos < left ? nanos : left;
}

/* Runs the handler of alarm() if it is due: then 1. */
static inline int wasm_bpf__alarm_due(void)
{
    if (!wasm_bpf__signal_state.alarm_at || wasm_bpf__now() < wasm_bpf__signal_state.alarm_at)
        return 0;
    wasm_bpf__signal_state.alarm_at = 0;
    if (!wasm_bpf__deliver(WASM_BPF__SIGALRM))
        _Exit(128 + WASM_BPF__SIGALRM);
    return 1;
}

/* Sleeps, and runs the handlers of signals that end it. 0, or -1 and EINTR; what is left goes to *left. */
static inline int wasm_bpf__sleep(int64_t nanos, int64_t *left)
{
    int64_t start = wasm_bpf__now(), wait = wasm_bpf__until_alarm(nanos);
    struct timespec time;
    int handled, unhandled;
    time.tv_sec = (time_t)(wait / 1000000000LL);
    time.tv_nsec = (long)(wait % 1000000000LL);
    nanosleep(&time, NULL);
    handled = wasm_bpf__alarm_due();
    unhandled = wasm_bpf__signals();
    if (unhandled)
        _Exit(128 + unhandled);
    wait = nanos - (wasm_bpf__now() - start);
    *left = wait < 0 ? 0 : wait;
    /* The host ends a sleep early for a signal and for nothing else. */
    if (!handled && *left <= 1000000)
        return 0;
    errno = EINTR;
    return -1;
}

#ifdef __cplusplus
}
#endif

#endif /* WASM_BPF_SIGNALS_H */
