/* What a guest's event callback does: reads a record. And a loop of calls to the host. */
struct event {
    int pid, ppid;
    unsigned exit_code;
    unsigned long long duration_ns;
    char comm[16];
    char filename[127];
    unsigned char exit_event;
};

__attribute__((import_module("env"), import_name("host"))) int host(int, int);

static struct event record;
static unsigned long long sum;

__attribute__((export_name("record"))) struct event *record_address(void)
{
    return &record;
}

__attribute__((export_name("handle"))) int handle(int ctx, struct event *e, int size)
{
    sum += e->pid + e->duration_ns;
    for (int i = 0; i < 16; i++)
        sum = sum * 31 + e->comm[i];
    return 0;
}

__attribute__((export_name("call_host"))) int call_host(int n)
{
    int result = 0;

    for (int i = 0; i < n; i++)
        result += host(i, result);
    return result;
}
