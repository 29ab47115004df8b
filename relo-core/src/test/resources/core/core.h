// What CO-RE needs of a compiler, without any library header.
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long long s64;

#define SEC(name) __attribute__((section(name), used))
#define CORE __attribute__((preserve_access_index))

// __builtin_preserve_field_info, __builtin_preserve_type_info and __builtin_preserve_enum_value take these numbers.
enum field_info { BYTE_OFFSET, BYTE_SIZE, EXISTS, SIGNED, LSHIFT_U64, RSHIFT_U64 };
#define FIELD(access, info) __builtin_preserve_field_info(access, info)
#define TYPE_EXISTS(type) __builtin_preserve_type_info(*(type *)0, 0)
#define TYPE_SIZE(type) __builtin_preserve_type_info(*(type *)0, 1)
#define TYPE_MATCHES(type) __builtin_preserve_type_info(*(type *)0, 2)
#define TYPE_ID_LOCAL(type) __builtin_btf_type_id(*(type *)0, 0)
#define TYPE_ID_KERNEL(type) __builtin_btf_type_id(*(type *)0, 1)
#define ENUM_EXISTS(type, value) __builtin_preserve_enum_value(*(type *)value, 0)
#define ENUM_VALUE(type, value) __builtin_preserve_enum_value(*(type *)value, 1)

// Each result is stored by itself, so that each relocation is an instruction of its own.
volatile u64 sink;
#define PUT(value) (sink = (u64)(value))

#define PROGRAM(name) SEC("socket") int name(struct local_root *p)
