#include "core.h"

struct same { int a; u32 b; };
struct grown { int a; u64 more[5]; };
union choice { int a; long b; char c[32]; };
union is_union { int a; };
typedef struct { u64 b; u64 c; } anonymous_typedef;
typedef u64 int_typedef;
typedef u64 (*function_typedef)(u64, struct same *);
typedef void (*void_function_typedef)(void);
typedef int (*changed_function_typedef)(int, struct same *);
typedef u64 array_typedef[9];
typedef int *to_pointer_typedef;
typedef struct same *pointer_typedef;
enum some_enum { ONE, TWO };
enum becomes_64 { LOW, HIGH = 0x200000000ULL };
typedef float float_typedef;

struct matches_less { u8 extra; int a; int extra2; };
struct fewer_members { int a; };
struct other_sign { int a; };
struct other_size { u64 a; };
struct opaque { int x; };
struct pointers { const char *text; struct opaque *forward; struct same *known; int (*call)(int); };
struct nested_bad { struct other_sign inner; };
struct behind_pointer { struct other_sign *inner; };
struct anonymous_member { struct { int p; }; int z; struct { int x; int y; int w; }; };
struct array_member { int a[4]; };
struct array_longer { int a[5]; };
struct flavoured___there { int member___kernel; };
struct bits { u32 : 5; u32 b : 9; u32 a : 1; };
struct enum_member { enum some_enum e; };
enum fewer_values { V1, V2, V3 };
enum more_values { W1 };
enum other_numbers { N2 = 9, N1 = 4 };
union u_match { char b; int a; int c; };
struct fwd_becomes_struct { int now; };
union fwd_union { int now; };
struct holds_fwd { struct fwd_becomes_struct *f; union fwd_union *u; };
typedef struct { int b; int a; } typedef_match;
typedef int (*proto_match)(struct same *, int);
typedef int (*proto_mismatch)(struct same *, u32);
struct func_in { int (*f)(struct same *, long); };

#define KEEP(type, name) type *name
KEEP(struct same, k1); KEEP(struct grown, k2); KEEP(union choice, k3); KEEP(union is_union, k4);
KEEP(anonymous_typedef, k5); KEEP(int_typedef, k6); KEEP(function_typedef, k7); KEEP(void_function_typedef, k8);
KEEP(changed_function_typedef, k9); KEEP(array_typedef, k10); KEEP(to_pointer_typedef, k11);
KEEP(pointer_typedef, k12); KEEP(enum some_enum, k13); KEEP(enum becomes_64, k14); KEEP(float_typedef, k15);
KEEP(struct matches_less, k16); KEEP(struct fewer_members, k17); KEEP(struct other_sign, k18);
KEEP(struct other_size, k19); KEEP(struct pointers, k20); KEEP(struct nested_bad, k21);
KEEP(struct behind_pointer, k22); KEEP(struct anonymous_member, k23); KEEP(struct array_member, k24);
KEEP(struct array_longer, k25); KEEP(struct flavoured___there, k26); KEEP(struct bits, k27);
KEEP(struct enum_member, k28); KEEP(enum fewer_values, k29); KEEP(enum more_values, k30);
KEEP(enum other_numbers, k31); KEEP(union u_match, k32); KEEP(struct holds_fwd, k33); KEEP(typedef_match, k34);
KEEP(proto_match, k35); KEEP(proto_mismatch, k36); KEEP(struct func_in, k37);
