// What DwarfTest looks up: lines 5, 9, 13 and 17 hold a call or the division.
static int table[4] = {3, 2, 1, 0};

static inline __attribute__((always_inline)) int ratio(int a, int b) {
    return a / b;
}

static inline __attribute__((always_inline)) int scaled(int a, unsigned i) {
    return ratio(a * 10, table[i & 3]);
}

__attribute__((noinline)) int average(int a, unsigned i) {
    return scaled(a, i) + 1;
}

__attribute__((export_name("run"))) int run(unsigned i) {
    return average(100, i) * 2;
}
