/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * signal.h for wasm-bpf guests, in place of wasi-libc's, which has none. Handlers run where the module waits: in a poll of
 * a ring or perf buffer and in a sleep (wasm-bpf/signals.h). SIGINT and SIGTERM come from outside, SIGALRM from alarm(),
 * any from raise(). Numbers are Linux's.
 */
#ifndef WASM_BPF_SIGNAL_H
#define WASM_BPF_SIGNAL_H

#include <string.h>
#include <sys/types.h>
#include <wasm-bpf/signals.h>
#ifdef __wasi__
#include <__typedef_sigset_t.h>
#elif defined(__EMSCRIPTEN__)
#define __NEED_sigset_t
#include <bits/alltypes.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define SIGHUP 1
#define SIGINT 2
#define SIGQUIT 3
#define SIGILL 4
#define SIGTRAP 5
#define SIGABRT 6
#define SIGIOT SIGABRT
#define SIGBUS 7
#define SIGFPE 8
#define SIGKILL 9
#define SIGUSR1 10
#define SIGSEGV 11
#define SIGUSR2 12
#define SIGPIPE 13
#define SIGALRM 14
#define SIGTERM 15
#define SIGSTKFLT 16
#define SIGCHLD 17
#define SIGCONT 18
#define SIGSTOP 19
#define SIGTSTP 20
#define SIGTTIN 21
#define SIGTTOU 22
#define SIGURG 23
#define SIGXCPU 24
#define SIGXFSZ 25
#define SIGVTALRM 26
#define SIGPROF 27
#define SIGWINCH 28
#define SIGIO 29
#define SIGPOLL SIGIO
#define SIGPWR 30
#define SIGSYS 31
#define SIGRTMIN 34
#define SIGRTMAX 64
#define NSIG WASM_BPF__NSIG
#define _NSIG WASM_BPF__NSIG

typedef int sig_atomic_t;
typedef void (*sighandler_t)(int);
typedef sighandler_t __sighandler_t;

#define SIG_DFL ((sighandler_t)0)
#define SIG_IGN ((sighandler_t)WASM_BPF__SIG_IGN)
#define SIG_ERR ((sighandler_t)-1)

#define SIG_BLOCK 0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2

#define SA_NOCLDSTOP 1
#define SA_NOCLDWAIT 2
#define SA_SIGINFO 4
#define SA_RESTART 0x10000000
#define SA_NODEFER 0x40000000
#define SA_RESETHAND 0x80000000

typedef struct {
    int si_signo;
    int si_errno;
    int si_code;
    pid_t si_pid;
} siginfo_t;

struct sigaction {
    union {
        void (*sa_handler)(int);
        void (*sa_sigaction)(int, siginfo_t *, void *);
    } __sa;
    sigset_t sa_mask;
    int sa_flags;
};
#define sa_handler __sa.sa_handler
#define sa_sigaction __sa.sa_sigaction

static inline sighandler_t signal(int sig, sighandler_t handler)
{
    if (sig <= 0 || sig >= NSIG || sig == SIGKILL || sig == SIGSTOP) {
        errno = EINVAL;
        return SIG_ERR;
    }
    sighandler_t before = wasm_bpf__signal_state.handler[sig];
    wasm_bpf__signal_state.handler[sig] = handler;
    return before;
}

/* With SA_SIGINFO the handler gets no information: NULL. */
static inline int sigaction(int sig, const struct sigaction *action, struct sigaction *old)
{
    if (sig <= 0 || sig >= NSIG || (action && (sig == SIGKILL || sig == SIGSTOP))) {
        errno = EINVAL;
        return -1;
    }
    if (old) {
        memset(old, 0, sizeof(*old));
        old->sa_handler = wasm_bpf__signal_state.handler[sig];
    }
    if (action)
        wasm_bpf__signal_state.handler[sig] = action->sa_handler;
    return 0;
}

static inline int raise(int sig)
{
    if (sig <= 0 || sig >= NSIG) {
        errno = EINVAL;
        return -1;
    }
    if (!wasm_bpf__deliver(sig) && sig != SIGCHLD && sig != SIGURG && sig != SIGWINCH && sig != SIGCONT)
        _Exit(128 + sig);
    return 0;
}

/* Only this process can be signalled, or asked for with signal 0. */
static inline int kill(pid_t pid, int sig)
{
    if (pid != (pid_t)wasm_bpf_query(WASM_BPF_PID)) {
        errno = EPERM;
        return -1;
    }
    return sig ? raise(sig) : 0;
}

/* Handlers run where the module waits and nowhere else, so there is nothing to block. */
static inline int sigemptyset(sigset_t *set)
{
    memset(set, 0, sizeof(*set));
    return 0;
}

static inline int sigfillset(sigset_t *set)
{
    memset(set, 0xff, sizeof(*set));
    return 0;
}

static inline int sigaddset(sigset_t *set, int sig)
{
    (void)set;
    (void)sig;
    return 0;
}

static inline int sigdelset(sigset_t *set, int sig)
{
    (void)set;
    (void)sig;
    return 0;
}

static inline int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
    (void)how;
    (void)set;
    if (old)
        sigemptyset(old);
    return 0;
}

static inline int siginterrupt(int sig, int flag)
{
    (void)sig;
    (void)flag;
    return 0;
}

static inline const char *wasm_bpf__signame(int sig)
{
    static const char *const names[] = {
        "Unknown signal", "Hangup",           "Interrupt",        "Quit",
        "Illegal instruction", "Trace/breakpoint trap", "Aborted", "Bus error",
        "Floating point exception", "Killed", "User defined signal 1", "Segmentation fault",
        "User defined signal 2", "Broken pipe", "Alarm clock",     "Terminated",
        "Stack fault",    "Child exited",     "Continued",        "Stopped (signal)",
        "Stopped",        "Stopped (tty input)", "Stopped (tty output)", "Urgent I/O condition",
        "CPU time limit exceeded", "File size limit exceeded", "Virtual timer expired", "Profiling timer expired",
        "Window changed", "I/O possible",     "Power failure",    "Bad system call",
    };
    return names[sig > 0 && sig < 32 ? sig : 0];
}
#define strsignal(sig) ((char *)wasm_bpf__signame(sig))

#ifdef __cplusplus
}
#endif

#endif /* WASM_BPF_SIGNAL_H */
