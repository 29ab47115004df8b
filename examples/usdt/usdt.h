/* What usdt.bpf.c hands to usdt.c for each Java thread that starts or stops. */
#ifndef USDT_H
#define USDT_H

#define NAME_LEN 64

struct event {
    int pid;
    int native_id;
    long long java_id;
    int is_daemon;
    int stopped;
    char name[NAME_LEN];
};

#endif
