// Relocations of whole types.
#include "core.h"

struct local_root;
struct same { int a; u32 b; } CORE;
struct grown { int a; } CORE;
union choice { int a; long b; } CORE;
struct is_union { int a; } CORE;
struct gone { int a; } CORE;
struct gone_later___v2 { int a; } CORE;
typedef struct { int a; } anonymous_typedef;
typedef int int_typedef;
typedef int (*function_typedef)(int, struct same *);
typedef void (*void_function_typedef)(void);
typedef int (*changed_function_typedef)(int, long);
typedef int array_typedef[4];
typedef int to_pointer_typedef;
typedef struct same *pointer_typedef;
enum some_enum { ONE, TWO };
enum becomes_64 { LOW };

// for type_matches
struct matches_less { int a; };
struct fewer_members { int a; int b; };
struct other_sign { u32 a; };
struct other_size { int a; };
struct pointers { struct same *known; struct opaque *forward; const char *text; int (*call)(int); };
struct nested_bad { struct other_sign inner; };
struct behind_pointer { struct other_sign *inner; };
struct anonymous_member { struct { int x; int y; }; int z; };
struct array_member { int a[4]; };
struct array_longer { int a[4]; };
struct flavoured___here { int member___local; };
struct bits { u32 a : 3; u32 b : 4; };
struct enum_member { enum some_enum e; };
enum fewer_values { V1, V2 };
enum more_values { W1, W2 };
enum other_numbers { N1, N2 };
union u_match { int a; char b; };
struct fwd_becomes_struct;
struct holds_fwd { struct fwd_becomes_struct *f; union fwd_union *u; };
typedef struct { int a; } typedef_match;
typedef int (*proto_match)(struct same *, int);
typedef int (*proto_mismatch)(struct same *, int);
typedef float float_typedef;
struct func_in { int (*f)(struct same *, long); };

PROGRAM(exists)
{
	PUT(TYPE_EXISTS(struct same));
	PUT(TYPE_EXISTS(struct grown));
	PUT(TYPE_EXISTS(union choice));
	PUT(TYPE_EXISTS(struct is_union));
	PUT(TYPE_EXISTS(struct gone));
	PUT(TYPE_EXISTS(struct gone_later___v2));
	PUT(TYPE_EXISTS(anonymous_typedef));
	PUT(TYPE_EXISTS(int_typedef));
	PUT(TYPE_EXISTS(function_typedef));
	PUT(TYPE_EXISTS(void_function_typedef));
	PUT(TYPE_EXISTS(changed_function_typedef));
	PUT(TYPE_EXISTS(array_typedef));
	PUT(TYPE_EXISTS(to_pointer_typedef));
	PUT(TYPE_EXISTS(pointer_typedef));
	PUT(TYPE_EXISTS(enum some_enum));
	PUT(TYPE_EXISTS(enum becomes_64));
	PUT(TYPE_EXISTS(float_typedef));
	return 0;
}

PROGRAM(sizes)
{
	PUT(TYPE_SIZE(struct same));
	PUT(TYPE_SIZE(struct grown));
	PUT(TYPE_SIZE(union choice));
	PUT(TYPE_SIZE(struct gone));
	PUT(TYPE_SIZE(anonymous_typedef));
	PUT(TYPE_SIZE(int_typedef));
	PUT(TYPE_SIZE(array_typedef));
	PUT(TYPE_SIZE(pointer_typedef));
	PUT(TYPE_SIZE(enum becomes_64));
	return 0;
}

PROGRAM(ids)
{
	PUT(TYPE_ID_LOCAL(struct same));
	PUT(TYPE_ID_LOCAL(struct gone));
	PUT(TYPE_ID_LOCAL(int_typedef));
	PUT(TYPE_ID_LOCAL(struct { int unnamed; }));
	PUT(TYPE_ID_KERNEL(struct same));
	PUT(TYPE_ID_KERNEL(struct gone));
	PUT(TYPE_ID_KERNEL(int_typedef));
	PUT(TYPE_ID_KERNEL(enum becomes_64));
	return 0;
}

PROGRAM(matches)
{
	PUT(TYPE_MATCHES(struct same));
	PUT(TYPE_MATCHES(struct gone));
	PUT(TYPE_MATCHES(struct matches_less));
	PUT(TYPE_MATCHES(struct fewer_members));
	PUT(TYPE_MATCHES(struct other_sign));
	PUT(TYPE_MATCHES(struct other_size));
	PUT(TYPE_MATCHES(struct pointers));
	PUT(TYPE_MATCHES(struct nested_bad));
	PUT(TYPE_MATCHES(struct behind_pointer));
	PUT(TYPE_MATCHES(struct anonymous_member));
	PUT(TYPE_MATCHES(struct array_member));
	PUT(TYPE_MATCHES(struct array_longer));
	PUT(TYPE_MATCHES(struct flavoured___here));
	PUT(TYPE_MATCHES(struct bits));
	PUT(TYPE_MATCHES(struct enum_member));
	PUT(TYPE_MATCHES(enum fewer_values));
	PUT(TYPE_MATCHES(enum more_values));
	PUT(TYPE_MATCHES(enum other_numbers));
	PUT(TYPE_MATCHES(enum becomes_64));
	PUT(TYPE_MATCHES(union u_match));
	PUT(TYPE_MATCHES(struct holds_fwd));
	PUT(TYPE_MATCHES(typedef_match));
	PUT(TYPE_MATCHES(proto_match));
	PUT(TYPE_MATCHES(proto_mismatch));
	PUT(TYPE_MATCHES(int_typedef));
	PUT(TYPE_MATCHES(float_typedef));
	PUT(TYPE_MATCHES(struct func_in));
	PUT(TYPE_MATCHES(pointer_typedef));
	return 0;
}
