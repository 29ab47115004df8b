// Every kind of BTF type that clang makes, and every sort of layout; sizes and offsets as clang computes them lie in
// constants whose names the tests take apart: size_of_X, offset_of_X__MEMBER (bytes).
#define SEC(name) __attribute__((section(name), used))
#define SIZE(T) const unsigned size_of_##T SEC("layout") = sizeof(struct T);
#define OFFSET(T, M) const unsigned offset_of_##T##__##M SEC("layout") = __builtin_offsetof(struct T, M);
#define TAG(x) __attribute__((btf_decl_tag(x)))
#define TYPE_TAG(x) __attribute__((btf_type_tag(x)))

enum small { NEG = -5, POS = 7 };
enum big { HUGE = 0xffffffff00000001ULL, TINY = 2 };
enum sbig { LOW = -0x7fffffffffffLL, HIGH = 0x7fffffffffffLL };
enum bytewide { B0, B1 } __attribute__((mode(byte)));
enum { LONELY = 40, LONELIER };

struct undefined_struct;
union undefined_union;
typedef int (*callback_t)(void *ctx, const char *fmt, ...);
typedef struct { int x, y; } point_t;
typedef point_t triangle_t[3];

struct scalars {
    char c; signed char sc; unsigned char uc; short s; int i; long l; long long ll; unsigned __int128 wide;
    _Bool flag; float f; double d; enum small e; enum big b; enum sbig sb; enum bytewide eb;
};
SIZE(scalars) OFFSET(scalars, s) OFFSET(scalars, l) OFFSET(scalars, wide) OFFSET(scalars, flag) OFFSET(scalars, d)
OFFSET(scalars, sb) OFFSET(scalars, eb)

struct bits {
    unsigned a : 3; unsigned b : 13; int : 0; unsigned c : 31; unsigned long long d : 40; _Bool e : 1; signed f : 5;
    int after;
};
SIZE(bits) OFFSET(bits, after)

// Unnamed bit fields leave no trace in BTF but the gap.
struct gaps {
    char a; int : 24; int : 32; int : 32; int b; short : 16; short c; int : 16; long : 64; char d; char : 8; short e;
    int f : 3; int : 13; int g : 5; long : 11; long : 40; long h : 20; char i; long : 0; int : 32;
};
SIZE(gaps) OFFSET(gaps, b) OFFSET(gaps, c) OFFSET(gaps, d) OFFSET(gaps, e) OFFSET(gaps, i)

struct odd { char c; long l; short s; } __attribute__((packed));
SIZE(odd) OFFSET(odd, l) OFFSET(odd, s)

struct aligned_tail { int i; char c __attribute__((aligned(32))); long tail; };
SIZE(aligned_tail) OFFSET(aligned_tail, c) OFFSET(aligned_tail, tail)

struct packed_inner { struct odd o; int i; } __attribute__((packed, aligned(4)));
SIZE(packed_inner) OFFSET(packed_inner, i)

struct anonymous {
    int kind;
    union {
        struct { int first; union { char deep[6]; short deeper; }; };
        long second;
        struct undefined_struct *third;
    };
    struct { char in_named; long also; } named;
    enum { INLINE_A = 3, INLINE_B } inline_enum;
};
SIZE(anonymous) OFFSET(anonymous, first) OFFSET(anonymous, deep) OFFSET(anonymous, deeper) OFFSET(anonymous, second)
OFFSET(anonymous, third) OFFSET(anonymous, named) OFFSET(anonymous, inline_enum)

struct list { struct list *next, **last; const volatile struct anonymous *const restrict_me; int data[]; };
SIZE(list) OFFSET(list, data)

struct declarators {
    int (*function)(int, char *restrict);
    int (*array_of_functions[4])(void);
    const char *const *(*returns_pointer)(struct list *, union undefined_union *);
    int (*(*returns_function)(int))(long);
    int (*pointer_to_array)[5][6];
    int matrix[2][3];
    triangle_t corners[2];
    callback_t call;
    void (*anonymous_argument)(struct { int z; } *);
    int TYPE_TAG("user") *tagged;
    struct empty { } nothing;
    struct scalars embedded;
};
SIZE(declarators) OFFSET(declarators, matrix) OFFSET(declarators, corners) OFFSET(declarators, embedded)

// A cycle through a typedef and a struct, to be broken by a forward declaration.
typedef struct cycle_b cycle_b_t;
struct cycle_a { cycle_b_t *b; };
struct cycle_b { struct cycle_a a; cycle_b_t *self; };
SIZE(cycle_b) OFFSET(cycle_b, self)

struct TAG("struct-tag") tagged_struct { int plain; int member TAG("member-tag"); };
SIZE(tagged_struct) OFFSET(tagged_struct, member)

union choice { int i; char c[13]; long l; };

union choice global_choice;
static struct bits static_bits;
struct declarators *declared = 0;
const volatile long constant = 5;
int data_int SEC(".data.more") = 3;
char data_char SEC(".data.more") = 4;
__attribute__((visibility("hidden"))) short data_hidden SEC(".data.more") = 5;
extern int weird_extern __attribute__((weak, section(".kconfig")));
int tagged_variable TAG("var-tag");

struct anonymous anonymous_; struct gaps gaps_; struct cycle_b cycle_b_; struct scalars scalars_; struct odd odd_; struct aligned_tail aligned_tail_; struct packed_inner packed_inner_;
struct list *list_; struct cycle_a cycle_a_; struct tagged_struct tagged_struct_; double double_;
enum sbig sbig_; triangle_t triangle_;
struct size_only { union undefined_union *u; } *size_only_;

__attribute__((noinline)) static int helper(struct list *l, int n TAG("arg-tag"))
{
    return l->data[n & 7] + static_bits.c;
}

SEC("raw_tp/sys_enter")
int program(struct list *ctx)
{
    static_bits.b += LONELY;
    return helper(ctx, (int)constant) + weird_extern;
}

// CO-RE: the byte offset of one array element, the existence of a member, the size of a type.
SEC("raw_tp/core")
int relocated(struct anonymous *ctx)
{
    return __builtin_preserve_field_info(ctx->deep[3], 0) + __builtin_preserve_field_info(ctx->second, 2)
            + __builtin_preserve_type_info(*(struct bits *)0, 1);
}

char LICENSE[] SEC("license") = "GPL";
