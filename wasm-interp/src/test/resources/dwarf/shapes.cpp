// What DwarfTest looks up: an inlined member of a template in a namespace.
namespace geo {
template <typename T> struct Box {
    T width, height;
    T ratio() const {
        return width / height;
    }
};

struct Shape {
    virtual int measure(int h) = 0;
};

struct Square : Shape {
    int measure(int h) override {
        Box<int> box{100, h};
        return box.ratio();
    }
};
}  // namespace geo

static geo::Square square;
geo::Shape *volatile shape = &square;

extern "C" __attribute__((export_name("run"))) int run(int h) {
    return shape->measure(h) + 1;
}
