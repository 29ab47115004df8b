// SPDX-License-Identifier: BSD-2-Clause
// bootstrap's user space in C++: the same BPF object, the same lines as ../bootstrap/bootstrap.c prints. Compiled with
// exceptions where the C++ library has them, without where it has not.
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <bpf/libbpf.h>

#include "../bootstrap/bootstrap.h"
#include "bootstrap.skel.h"

namespace {

constexpr const char *usage =
    "usage: bootstrap-cpp [-d MS]\n"
    "Prints a line for every process that starts and for every process that ends.\n"
    "  -d, --duration MS   only ends of processes that lived at least MS milliseconds\n"
    "  -h, --help          this text\n";

volatile std::sig_atomic_t stop;

[[noreturn]] void fail(const char *what, int err)
{
#ifdef __cpp_exceptions
    throw std::system_error(err, std::generic_category(), what);
#else
    std::fprintf(stderr, "bootstrap-cpp: %s: %s\n", what, std::strerror(err));
    std::exit(1);
#endif
}

struct Closer {
    void operator()(bootstrap_bpf *skel) const { bootstrap_bpf::destroy(skel); }
    void operator()(ring_buffer *events) const { ring_buffer__free(events); }
};

/* The object, loaded and attached as long as this lives. */
class Bootstrap {
public:
    explicit Bootstrap(unsigned long long min_duration_ms) : skel(bootstrap_bpf::open())
    {
        if (!skel)
            fail("open", errno);
        skel->rodata->min_duration_ns = min_duration_ms * 1000000;
        if (int err = bootstrap_bpf::load(skel.get()))
            fail("load", -err);
        if (int err = bootstrap_bpf::attach(skel.get()))
            fail("attach", -err);
    }

    /* Calls handler for each event until Ctrl-C. */
    template <typename Handler> void run(Handler handler)
    {
        auto call = [](void *ctx, void *data, size_t size) {
            if (size >= sizeof(event))
                (*static_cast<Handler *>(ctx))(*static_cast<const event *>(data));
            return 0;
        };
        std::unique_ptr<ring_buffer, Closer> events(ring_buffer__new(bpf_map__fd(skel->maps.rb), call, &handler, nullptr));
        if (!events)
            fail("ring buffer", errno);
        while (!stop) {
            int polled = ring_buffer__poll(events.get(), 100);
            if (polled < 0 && polled != -EINTR)
                fail("poll", -polled);
        }
    }

private:
    std::unique_ptr<bootstrap_bpf, Closer> skel;
};

std::string ending(const event &e)
{
    std::string text = e.exit_code & 0x7f ? "[signal " + std::to_string(e.exit_code & 0x7f) + "]"
                                          : "[" + std::to_string(e.exit_code >> 8 & 0xff) + "]";
    if (e.duration_ns)
        text += " (" + std::to_string(e.duration_ns / 1000000) + "ms)";
    return text;
}

void print(const event &e)
{
    char when[16];
    std::time_t now = std::time(nullptr);
    std::strftime(when, sizeof(when), "%H:%M:%S", std::localtime(&now));
    std::printf("%-8s %-5s %-16s %-7d %-7d %s\n", when, e.is_exit ? "EXIT" : "EXEC", e.comm, e.pid, e.ppid,
                e.is_exit ? ending(e).c_str() : e.filename);
}

int run(const std::vector<std::string_view> &arguments)
{
    unsigned long long min_duration_ms = 0;

    for (auto argument = arguments.begin(); argument != arguments.end(); ++argument) {
        std::string_view name = *argument;
        if (name == "-h" || name == "--help") {
            std::fputs(usage, stdout);
            return 0;
        }
        if (name != "-d" && name != "--duration") {
            std::fputs(usage, stderr);
            return 2;
        }
        std::string_view value = argument + 1 == arguments.end() ? "" : *++argument;
        auto parsed = std::from_chars(value.data(), value.data() + value.size(), min_duration_ms);
        if (parsed.ec != std::errc() || parsed.ptr != value.data() + value.size()) {
            std::fprintf(stderr, "bootstrap-cpp: %s %s: not a number of milliseconds\n", name.data(), value.data());
            return 2;
        }
    }

    std::signal(SIGINT, [](int) { stop = 1; });
    std::signal(SIGTERM, [](int) { stop = 1; });
    Bootstrap bootstrap(min_duration_ms);
    std::printf("%-8s %-5s %-16s %-7s %-7s %s\n", "TIME", "EVENT", "COMM", "PID", "PPID", "FILENAME/EXIT CODE");
    bootstrap.run(print);
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    std::vector<std::string_view> arguments(argv + 1, argv + argc);
#ifdef __cpp_exceptions
    try {
        return run(arguments);
    } catch (const std::exception &e) {
        std::fprintf(stderr, "bootstrap-cpp: %s\n", e.what());
        return 1;
    }
#else
    return run(arguments);
#endif
}
