// What C++ asks of an engine: exceptions through many frames with destructors, rethrown, nested, of virtual bases, in loops.
#include <cstdio>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

struct Counted {
    static int live;
    Counted() { live++; }
    ~Counted() { live--; }
};
int Counted::live;

struct Base {
    virtual ~Base() {}
    virtual int of(int x) { return x; }
};
struct Thrower : Base {
    int of(int x) override {
        if (x > 5)
            throw std::out_of_range(std::to_string(x));
        return x * 2;
    }
};
struct Left : virtual Base {};
struct Right : virtual Base {};
struct Both : Left, Right {
    int of(int) override { throw *this; }
};
struct ThrowsAtEnd {
    ~ThrowsAtEnd() noexcept(false) { throw std::string("from a destructor"); }
};

static int deep(int n)
{
    Counted here;
    if (n == 0)
        throw 42;
    return deep(n - 1) + 1;
}

static int converted(int n)
{
    try {
        return deep(n);
    } catch (int) {
        if (n % 2)
            throw;
        throw std::runtime_error("converted");
    }
}

static void nested()
{
    try {
        try {
            throw 1;
        } catch (int) {
            try {
                throw 2.5;
            } catch (double d) {
                printf("inner %g\n", d);
            }
            throw;
        }
    } catch (int i) {
        printf("outer %d\n", i);
    }
}

int main()
{
    for (int i = 0; i < 4; i++) {
        try {
            converted(100 + i);
        } catch (int e) {
            printf("int %d, live %d\n", e, Counted::live);
        } catch (std::exception &e) {
            printf("%s, live %d\n", e.what(), Counted::live);
        }
    }
    Thrower thrower;
    Base *base = &thrower;
    int sum = 0, caught = 0;
    for (int i = 0; i < 50000; i++) {
        try {
            sum += base->of(i % 8);
        } catch (const std::logic_error &e) {
            caught += e.what()[0] - '0';
        }
    }
    printf("%d %d\n", sum, caught);
    nested();
    try {
        Both().of(1);
    } catch (Base &) {
        puts("a virtual base");
    }
    try {
        ThrowsAtEnd end;
    } catch (std::string &s) {
        puts(s.c_str());
    }
    try {
        std::map<int, int>().at(3);
    } catch (...) {
        try {
            std::rethrow_exception(std::current_exception());
        } catch (std::out_of_range &) {
            puts("out of range");
        }
    }
    try {
        std::function<void()>()();
    } catch (std::bad_function_call &) {
        puts("bad function call");
    }
    try {
        std::regex("(");
    } catch (std::regex_error &) {
        puts("regex error");
    }
    std::smatch match;
    std::string text = "abc=123";
    if (std::regex_match(text, match, std::regex("(\\w+)=(\\d+)")))
        std::cout << match[1] << ":" << match[2] << std::endl;
    std::ostringstream out;
    out << 3.25 << " " << std::hex << 255;
    puts(out.str().c_str());
}
