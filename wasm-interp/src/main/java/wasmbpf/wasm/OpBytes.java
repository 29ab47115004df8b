package wasmbpf.wasm;

/**
 * The instructions as plain {@code int}s, for {@code case} labels: the code byte itself, and for prefixed codes a
 * base per prefix plus the number that follows it, which keeps all of them dense below {@link #LIMIT}. Derived from
 * {@link Opcode}; {@code OpBytesTest} holds the two equal and prints the strings below when they are not.
 */
public final class OpBytes {
    /** 0xFB n is {@code GC + n}, and so on. */
    public static final int GC = 0x100;
    public static final int MISC = 0x120;
    public static final int ATOMIC = 0x140;
    public static final int SIMD = 0x200;
    /** Above every instruction number. */
    public static final int LIMIT = 0x320;

    // One byte
    public static final int UNREACHABLE = 0x00;
    public static final int NOP = 0x01;
    public static final int BLOCK = 0x02;
    public static final int LOOP = 0x03;
    public static final int IF = 0x04;
    public static final int ELSE = 0x05;
    public static final int TRY = 0x06;
    public static final int CATCH = 0x07;
    public static final int THROW = 0x08;
    public static final int RETHROW = 0x09;
    public static final int THROW_REF = 0x0A;
    public static final int END = 0x0B;
    public static final int BR = 0x0C;
    public static final int BR_IF = 0x0D;
    public static final int BR_TABLE = 0x0E;
    public static final int RETURN = 0x0F;
    public static final int CALL = 0x10;
    public static final int CALL_INDIRECT = 0x11;
    public static final int RETURN_CALL = 0x12;
    public static final int RETURN_CALL_INDIRECT = 0x13;
    public static final int CALL_REF = 0x14;
    public static final int RETURN_CALL_REF = 0x15;
    public static final int DELEGATE = 0x18;
    public static final int CATCH_ALL = 0x19;
    public static final int DROP = 0x1A;
    public static final int SELECT = 0x1B;
    public static final int SELECT_T = 0x1C;
    public static final int TRY_TABLE = 0x1F;
    public static final int LOCAL_GET = 0x20;
    public static final int LOCAL_SET = 0x21;
    public static final int LOCAL_TEE = 0x22;
    public static final int GLOBAL_GET = 0x23;
    public static final int GLOBAL_SET = 0x24;
    public static final int TABLE_GET = 0x25;
    public static final int TABLE_SET = 0x26;
    public static final int I32_LOAD = 0x28;
    public static final int I64_LOAD = 0x29;
    public static final int F32_LOAD = 0x2A;
    public static final int F64_LOAD = 0x2B;
    public static final int I32_LOAD8_S = 0x2C;
    public static final int I32_LOAD8_U = 0x2D;
    public static final int I32_LOAD16_S = 0x2E;
    public static final int I32_LOAD16_U = 0x2F;
    public static final int I64_LOAD8_S = 0x30;
    public static final int I64_LOAD8_U = 0x31;
    public static final int I64_LOAD16_S = 0x32;
    public static final int I64_LOAD16_U = 0x33;
    public static final int I64_LOAD32_S = 0x34;
    public static final int I64_LOAD32_U = 0x35;
    public static final int I32_STORE = 0x36;
    public static final int I64_STORE = 0x37;
    public static final int F32_STORE = 0x38;
    public static final int F64_STORE = 0x39;
    public static final int I32_STORE8 = 0x3A;
    public static final int I32_STORE16 = 0x3B;
    public static final int I64_STORE8 = 0x3C;
    public static final int I64_STORE16 = 0x3D;
    public static final int I64_STORE32 = 0x3E;
    public static final int MEMORY_SIZE = 0x3F;
    public static final int MEMORY_GROW = 0x40;
    public static final int I32_CONST = 0x41;
    public static final int I64_CONST = 0x42;
    public static final int F32_CONST = 0x43;
    public static final int F64_CONST = 0x44;
    public static final int I32_EQZ = 0x45;
    public static final int I32_EQ = 0x46;
    public static final int I32_NE = 0x47;
    public static final int I32_LT_S = 0x48;
    public static final int I32_LT_U = 0x49;
    public static final int I32_GT_S = 0x4A;
    public static final int I32_GT_U = 0x4B;
    public static final int I32_LE_S = 0x4C;
    public static final int I32_LE_U = 0x4D;
    public static final int I32_GE_S = 0x4E;
    public static final int I32_GE_U = 0x4F;
    public static final int I64_EQZ = 0x50;
    public static final int I64_EQ = 0x51;
    public static final int I64_NE = 0x52;
    public static final int I64_LT_S = 0x53;
    public static final int I64_LT_U = 0x54;
    public static final int I64_GT_S = 0x55;
    public static final int I64_GT_U = 0x56;
    public static final int I64_LE_S = 0x57;
    public static final int I64_LE_U = 0x58;
    public static final int I64_GE_S = 0x59;
    public static final int I64_GE_U = 0x5A;
    public static final int F32_EQ = 0x5B;
    public static final int F32_NE = 0x5C;
    public static final int F32_LT = 0x5D;
    public static final int F32_GT = 0x5E;
    public static final int F32_LE = 0x5F;
    public static final int F32_GE = 0x60;
    public static final int F64_EQ = 0x61;
    public static final int F64_NE = 0x62;
    public static final int F64_LT = 0x63;
    public static final int F64_GT = 0x64;
    public static final int F64_LE = 0x65;
    public static final int F64_GE = 0x66;
    public static final int I32_CLZ = 0x67;
    public static final int I32_CTZ = 0x68;
    public static final int I32_POPCNT = 0x69;
    public static final int I32_ADD = 0x6A;
    public static final int I32_SUB = 0x6B;
    public static final int I32_MUL = 0x6C;
    public static final int I32_DIV_S = 0x6D;
    public static final int I32_DIV_U = 0x6E;
    public static final int I32_REM_S = 0x6F;
    public static final int I32_REM_U = 0x70;
    public static final int I32_AND = 0x71;
    public static final int I32_OR = 0x72;
    public static final int I32_XOR = 0x73;
    public static final int I32_SHL = 0x74;
    public static final int I32_SHR_S = 0x75;
    public static final int I32_SHR_U = 0x76;
    public static final int I32_ROTL = 0x77;
    public static final int I32_ROTR = 0x78;
    public static final int I64_CLZ = 0x79;
    public static final int I64_CTZ = 0x7A;
    public static final int I64_POPCNT = 0x7B;
    public static final int I64_ADD = 0x7C;
    public static final int I64_SUB = 0x7D;
    public static final int I64_MUL = 0x7E;
    public static final int I64_DIV_S = 0x7F;
    public static final int I64_DIV_U = 0x80;
    public static final int I64_REM_S = 0x81;
    public static final int I64_REM_U = 0x82;
    public static final int I64_AND = 0x83;
    public static final int I64_OR = 0x84;
    public static final int I64_XOR = 0x85;
    public static final int I64_SHL = 0x86;
    public static final int I64_SHR_S = 0x87;
    public static final int I64_SHR_U = 0x88;
    public static final int I64_ROTL = 0x89;
    public static final int I64_ROTR = 0x8A;
    public static final int F32_ABS = 0x8B;
    public static final int F32_NEG = 0x8C;
    public static final int F32_CEIL = 0x8D;
    public static final int F32_FLOOR = 0x8E;
    public static final int F32_TRUNC = 0x8F;
    public static final int F32_NEAREST = 0x90;
    public static final int F32_SQRT = 0x91;
    public static final int F32_ADD = 0x92;
    public static final int F32_SUB = 0x93;
    public static final int F32_MUL = 0x94;
    public static final int F32_DIV = 0x95;
    public static final int F32_MIN = 0x96;
    public static final int F32_MAX = 0x97;
    public static final int F32_COPYSIGN = 0x98;
    public static final int F64_ABS = 0x99;
    public static final int F64_NEG = 0x9A;
    public static final int F64_CEIL = 0x9B;
    public static final int F64_FLOOR = 0x9C;
    public static final int F64_TRUNC = 0x9D;
    public static final int F64_NEAREST = 0x9E;
    public static final int F64_SQRT = 0x9F;
    public static final int F64_ADD = 0xA0;
    public static final int F64_SUB = 0xA1;
    public static final int F64_MUL = 0xA2;
    public static final int F64_DIV = 0xA3;
    public static final int F64_MIN = 0xA4;
    public static final int F64_MAX = 0xA5;
    public static final int F64_COPYSIGN = 0xA6;
    public static final int I32_WRAP_I64 = 0xA7;
    public static final int I32_TRUNC_F32_S = 0xA8;
    public static final int I32_TRUNC_F32_U = 0xA9;
    public static final int I32_TRUNC_F64_S = 0xAA;
    public static final int I32_TRUNC_F64_U = 0xAB;
    public static final int I64_EXTEND_I32_S = 0xAC;
    public static final int I64_EXTEND_I32_U = 0xAD;
    public static final int I64_TRUNC_F32_S = 0xAE;
    public static final int I64_TRUNC_F32_U = 0xAF;
    public static final int I64_TRUNC_F64_S = 0xB0;
    public static final int I64_TRUNC_F64_U = 0xB1;
    public static final int F32_CONVERT_I32_S = 0xB2;
    public static final int F32_CONVERT_I32_U = 0xB3;
    public static final int F32_CONVERT_I64_S = 0xB4;
    public static final int F32_CONVERT_I64_U = 0xB5;
    public static final int F32_DEMOTE_F64 = 0xB6;
    public static final int F64_CONVERT_I32_S = 0xB7;
    public static final int F64_CONVERT_I32_U = 0xB8;
    public static final int F64_CONVERT_I64_S = 0xB9;
    public static final int F64_CONVERT_I64_U = 0xBA;
    public static final int F64_PROMOTE_F32 = 0xBB;
    public static final int I32_REINTERPRET_F32 = 0xBC;
    public static final int I64_REINTERPRET_F64 = 0xBD;
    public static final int F32_REINTERPRET_I32 = 0xBE;
    public static final int F64_REINTERPRET_I64 = 0xBF;
    public static final int I32_EXTEND8_S = 0xC0;
    public static final int I32_EXTEND16_S = 0xC1;
    public static final int I64_EXTEND8_S = 0xC2;
    public static final int I64_EXTEND16_S = 0xC3;
    public static final int I64_EXTEND32_S = 0xC4;
    public static final int REF_NULL = 0xD0;
    public static final int REF_IS_NULL = 0xD1;
    public static final int REF_FUNC = 0xD2;
    public static final int REF_EQ = 0xD3;
    public static final int REF_AS_NON_NULL = 0xD4;
    public static final int BR_ON_NULL = 0xD5;
    public static final int BR_ON_NON_NULL = 0xD6;

    // 0xFB: garbage collection
    public static final int STRUCT_NEW = GC + 0x00;
    public static final int STRUCT_NEW_DEFAULT = GC + 0x01;
    public static final int STRUCT_GET = GC + 0x02;
    public static final int STRUCT_GET_S = GC + 0x03;
    public static final int STRUCT_GET_U = GC + 0x04;
    public static final int STRUCT_SET = GC + 0x05;
    public static final int ARRAY_NEW = GC + 0x06;
    public static final int ARRAY_NEW_DEFAULT = GC + 0x07;
    public static final int ARRAY_NEW_FIXED = GC + 0x08;
    public static final int ARRAY_NEW_DATA = GC + 0x09;
    public static final int ARRAY_NEW_ELEM = GC + 0x0A;
    public static final int ARRAY_GET = GC + 0x0B;
    public static final int ARRAY_GET_S = GC + 0x0C;
    public static final int ARRAY_GET_U = GC + 0x0D;
    public static final int ARRAY_SET = GC + 0x0E;
    public static final int ARRAY_LEN = GC + 0x0F;
    public static final int ARRAY_FILL = GC + 0x10;
    public static final int ARRAY_COPY = GC + 0x11;
    public static final int ARRAY_INIT_DATA = GC + 0x12;
    public static final int ARRAY_INIT_ELEM = GC + 0x13;
    public static final int REF_TEST = GC + 0x14;
    public static final int REF_TEST_NULL = GC + 0x15;
    public static final int REF_CAST = GC + 0x16;
    public static final int REF_CAST_NULL = GC + 0x17;
    public static final int BR_ON_CAST = GC + 0x18;
    public static final int BR_ON_CAST_FAIL = GC + 0x19;
    public static final int ANY_CONVERT_EXTERN = GC + 0x1A;
    public static final int EXTERN_CONVERT_ANY = GC + 0x1B;
    public static final int REF_I31 = GC + 0x1C;
    public static final int I31_GET_S = GC + 0x1D;
    public static final int I31_GET_U = GC + 0x1E;

    // 0xFC: saturating truncation, bulk memory and tables, wide arithmetic
    public static final int I32_TRUNC_SAT_F32_S = MISC + 0x00;
    public static final int I32_TRUNC_SAT_F32_U = MISC + 0x01;
    public static final int I32_TRUNC_SAT_F64_S = MISC + 0x02;
    public static final int I32_TRUNC_SAT_F64_U = MISC + 0x03;
    public static final int I64_TRUNC_SAT_F32_S = MISC + 0x04;
    public static final int I64_TRUNC_SAT_F32_U = MISC + 0x05;
    public static final int I64_TRUNC_SAT_F64_S = MISC + 0x06;
    public static final int I64_TRUNC_SAT_F64_U = MISC + 0x07;
    public static final int MEMORY_INIT = MISC + 0x08;
    public static final int DATA_DROP = MISC + 0x09;
    public static final int MEMORY_COPY = MISC + 0x0A;
    public static final int MEMORY_FILL = MISC + 0x0B;
    public static final int TABLE_INIT = MISC + 0x0C;
    public static final int ELEM_DROP = MISC + 0x0D;
    public static final int TABLE_COPY = MISC + 0x0E;
    public static final int TABLE_GROW = MISC + 0x0F;
    public static final int TABLE_SIZE = MISC + 0x10;
    public static final int TABLE_FILL = MISC + 0x11;
    public static final int I64_ADD128 = MISC + 0x13;
    public static final int I64_SUB128 = MISC + 0x14;
    public static final int I64_MUL_WIDE_S = MISC + 0x15;
    public static final int I64_MUL_WIDE_U = MISC + 0x16;

    // 0xFD: vectors, from 0x100 relaxed
    public static final int V128_LOAD = SIMD + 0x00;
    public static final int V128_LOAD8X8_S = SIMD + 0x01;
    public static final int V128_LOAD8X8_U = SIMD + 0x02;
    public static final int V128_LOAD16X4_S = SIMD + 0x03;
    public static final int V128_LOAD16X4_U = SIMD + 0x04;
    public static final int V128_LOAD32X2_S = SIMD + 0x05;
    public static final int V128_LOAD32X2_U = SIMD + 0x06;
    public static final int V128_LOAD8_SPLAT = SIMD + 0x07;
    public static final int V128_LOAD16_SPLAT = SIMD + 0x08;
    public static final int V128_LOAD32_SPLAT = SIMD + 0x09;
    public static final int V128_LOAD64_SPLAT = SIMD + 0x0A;
    public static final int V128_STORE = SIMD + 0x0B;
    public static final int V128_CONST = SIMD + 0x0C;
    public static final int I8X16_SHUFFLE = SIMD + 0x0D;
    public static final int I8X16_SWIZZLE = SIMD + 0x0E;
    public static final int I8X16_SPLAT = SIMD + 0x0F;
    public static final int I16X8_SPLAT = SIMD + 0x10;
    public static final int I32X4_SPLAT = SIMD + 0x11;
    public static final int I64X2_SPLAT = SIMD + 0x12;
    public static final int F32X4_SPLAT = SIMD + 0x13;
    public static final int F64X2_SPLAT = SIMD + 0x14;
    public static final int I8X16_EXTRACT_LANE_S = SIMD + 0x15;
    public static final int I8X16_EXTRACT_LANE_U = SIMD + 0x16;
    public static final int I8X16_REPLACE_LANE = SIMD + 0x17;
    public static final int I16X8_EXTRACT_LANE_S = SIMD + 0x18;
    public static final int I16X8_EXTRACT_LANE_U = SIMD + 0x19;
    public static final int I16X8_REPLACE_LANE = SIMD + 0x1A;
    public static final int I32X4_EXTRACT_LANE = SIMD + 0x1B;
    public static final int I32X4_REPLACE_LANE = SIMD + 0x1C;
    public static final int I64X2_EXTRACT_LANE = SIMD + 0x1D;
    public static final int I64X2_REPLACE_LANE = SIMD + 0x1E;
    public static final int F32X4_EXTRACT_LANE = SIMD + 0x1F;
    public static final int F32X4_REPLACE_LANE = SIMD + 0x20;
    public static final int F64X2_EXTRACT_LANE = SIMD + 0x21;
    public static final int F64X2_REPLACE_LANE = SIMD + 0x22;
    public static final int I8X16_EQ = SIMD + 0x23;
    public static final int I8X16_NE = SIMD + 0x24;
    public static final int I8X16_LT_S = SIMD + 0x25;
    public static final int I8X16_LT_U = SIMD + 0x26;
    public static final int I8X16_GT_S = SIMD + 0x27;
    public static final int I8X16_GT_U = SIMD + 0x28;
    public static final int I8X16_LE_S = SIMD + 0x29;
    public static final int I8X16_LE_U = SIMD + 0x2A;
    public static final int I8X16_GE_S = SIMD + 0x2B;
    public static final int I8X16_GE_U = SIMD + 0x2C;
    public static final int I16X8_EQ = SIMD + 0x2D;
    public static final int I16X8_NE = SIMD + 0x2E;
    public static final int I16X8_LT_S = SIMD + 0x2F;
    public static final int I16X8_LT_U = SIMD + 0x30;
    public static final int I16X8_GT_S = SIMD + 0x31;
    public static final int I16X8_GT_U = SIMD + 0x32;
    public static final int I16X8_LE_S = SIMD + 0x33;
    public static final int I16X8_LE_U = SIMD + 0x34;
    public static final int I16X8_GE_S = SIMD + 0x35;
    public static final int I16X8_GE_U = SIMD + 0x36;
    public static final int I32X4_EQ = SIMD + 0x37;
    public static final int I32X4_NE = SIMD + 0x38;
    public static final int I32X4_LT_S = SIMD + 0x39;
    public static final int I32X4_LT_U = SIMD + 0x3A;
    public static final int I32X4_GT_S = SIMD + 0x3B;
    public static final int I32X4_GT_U = SIMD + 0x3C;
    public static final int I32X4_LE_S = SIMD + 0x3D;
    public static final int I32X4_LE_U = SIMD + 0x3E;
    public static final int I32X4_GE_S = SIMD + 0x3F;
    public static final int I32X4_GE_U = SIMD + 0x40;
    public static final int F32X4_EQ = SIMD + 0x41;
    public static final int F32X4_NE = SIMD + 0x42;
    public static final int F32X4_LT = SIMD + 0x43;
    public static final int F32X4_GT = SIMD + 0x44;
    public static final int F32X4_LE = SIMD + 0x45;
    public static final int F32X4_GE = SIMD + 0x46;
    public static final int F64X2_EQ = SIMD + 0x47;
    public static final int F64X2_NE = SIMD + 0x48;
    public static final int F64X2_LT = SIMD + 0x49;
    public static final int F64X2_GT = SIMD + 0x4A;
    public static final int F64X2_LE = SIMD + 0x4B;
    public static final int F64X2_GE = SIMD + 0x4C;
    public static final int V128_NOT = SIMD + 0x4D;
    public static final int V128_AND = SIMD + 0x4E;
    public static final int V128_ANDNOT = SIMD + 0x4F;
    public static final int V128_OR = SIMD + 0x50;
    public static final int V128_XOR = SIMD + 0x51;
    public static final int V128_BITSELECT = SIMD + 0x52;
    public static final int V128_ANY_TRUE = SIMD + 0x53;
    public static final int V128_LOAD8_LANE = SIMD + 0x54;
    public static final int V128_LOAD16_LANE = SIMD + 0x55;
    public static final int V128_LOAD32_LANE = SIMD + 0x56;
    public static final int V128_LOAD64_LANE = SIMD + 0x57;
    public static final int V128_STORE8_LANE = SIMD + 0x58;
    public static final int V128_STORE16_LANE = SIMD + 0x59;
    public static final int V128_STORE32_LANE = SIMD + 0x5A;
    public static final int V128_STORE64_LANE = SIMD + 0x5B;
    public static final int V128_LOAD32_ZERO = SIMD + 0x5C;
    public static final int V128_LOAD64_ZERO = SIMD + 0x5D;
    public static final int F32X4_DEMOTE_F64X2_ZERO = SIMD + 0x5E;
    public static final int F64X2_PROMOTE_LOW_F32X4 = SIMD + 0x5F;
    public static final int I8X16_ABS = SIMD + 0x60;
    public static final int I8X16_NEG = SIMD + 0x61;
    public static final int I8X16_POPCNT = SIMD + 0x62;
    public static final int I8X16_ALL_TRUE = SIMD + 0x63;
    public static final int I8X16_BITMASK = SIMD + 0x64;
    public static final int I8X16_NARROW_I16X8_S = SIMD + 0x65;
    public static final int I8X16_NARROW_I16X8_U = SIMD + 0x66;
    public static final int F32X4_CEIL = SIMD + 0x67;
    public static final int F32X4_FLOOR = SIMD + 0x68;
    public static final int F32X4_TRUNC = SIMD + 0x69;
    public static final int F32X4_NEAREST = SIMD + 0x6A;
    public static final int I8X16_SHL = SIMD + 0x6B;
    public static final int I8X16_SHR_S = SIMD + 0x6C;
    public static final int I8X16_SHR_U = SIMD + 0x6D;
    public static final int I8X16_ADD = SIMD + 0x6E;
    public static final int I8X16_ADD_SAT_S = SIMD + 0x6F;
    public static final int I8X16_ADD_SAT_U = SIMD + 0x70;
    public static final int I8X16_SUB = SIMD + 0x71;
    public static final int I8X16_SUB_SAT_S = SIMD + 0x72;
    public static final int I8X16_SUB_SAT_U = SIMD + 0x73;
    public static final int F64X2_CEIL = SIMD + 0x74;
    public static final int F64X2_FLOOR = SIMD + 0x75;
    public static final int I8X16_MIN_S = SIMD + 0x76;
    public static final int I8X16_MIN_U = SIMD + 0x77;
    public static final int I8X16_MAX_S = SIMD + 0x78;
    public static final int I8X16_MAX_U = SIMD + 0x79;
    public static final int F64X2_TRUNC = SIMD + 0x7A;
    public static final int I8X16_AVGR_U = SIMD + 0x7B;
    public static final int I16X8_EXTADD_PAIRWISE_I8X16_S = SIMD + 0x7C;
    public static final int I16X8_EXTADD_PAIRWISE_I8X16_U = SIMD + 0x7D;
    public static final int I32X4_EXTADD_PAIRWISE_I16X8_S = SIMD + 0x7E;
    public static final int I32X4_EXTADD_PAIRWISE_I16X8_U = SIMD + 0x7F;
    public static final int I16X8_ABS = SIMD + 0x80;
    public static final int I16X8_NEG = SIMD + 0x81;
    public static final int I16X8_Q15MULR_SAT_S = SIMD + 0x82;
    public static final int I16X8_ALL_TRUE = SIMD + 0x83;
    public static final int I16X8_BITMASK = SIMD + 0x84;
    public static final int I16X8_NARROW_I32X4_S = SIMD + 0x85;
    public static final int I16X8_NARROW_I32X4_U = SIMD + 0x86;
    public static final int I16X8_EXTEND_LOW_I8X16_S = SIMD + 0x87;
    public static final int I16X8_EXTEND_HIGH_I8X16_S = SIMD + 0x88;
    public static final int I16X8_EXTEND_LOW_I8X16_U = SIMD + 0x89;
    public static final int I16X8_EXTEND_HIGH_I8X16_U = SIMD + 0x8A;
    public static final int I16X8_SHL = SIMD + 0x8B;
    public static final int I16X8_SHR_S = SIMD + 0x8C;
    public static final int I16X8_SHR_U = SIMD + 0x8D;
    public static final int I16X8_ADD = SIMD + 0x8E;
    public static final int I16X8_ADD_SAT_S = SIMD + 0x8F;
    public static final int I16X8_ADD_SAT_U = SIMD + 0x90;
    public static final int I16X8_SUB = SIMD + 0x91;
    public static final int I16X8_SUB_SAT_S = SIMD + 0x92;
    public static final int I16X8_SUB_SAT_U = SIMD + 0x93;
    public static final int F64X2_NEAREST = SIMD + 0x94;
    public static final int I16X8_MUL = SIMD + 0x95;
    public static final int I16X8_MIN_S = SIMD + 0x96;
    public static final int I16X8_MIN_U = SIMD + 0x97;
    public static final int I16X8_MAX_S = SIMD + 0x98;
    public static final int I16X8_MAX_U = SIMD + 0x99;
    public static final int I16X8_AVGR_U = SIMD + 0x9B;
    public static final int I16X8_EXTMUL_LOW_I8X16_S = SIMD + 0x9C;
    public static final int I16X8_EXTMUL_HIGH_I8X16_S = SIMD + 0x9D;
    public static final int I16X8_EXTMUL_LOW_I8X16_U = SIMD + 0x9E;
    public static final int I16X8_EXTMUL_HIGH_I8X16_U = SIMD + 0x9F;
    public static final int I32X4_ABS = SIMD + 0xA0;
    public static final int I32X4_NEG = SIMD + 0xA1;
    public static final int I32X4_ALL_TRUE = SIMD + 0xA3;
    public static final int I32X4_BITMASK = SIMD + 0xA4;
    public static final int I32X4_EXTEND_LOW_I16X8_S = SIMD + 0xA7;
    public static final int I32X4_EXTEND_HIGH_I16X8_S = SIMD + 0xA8;
    public static final int I32X4_EXTEND_LOW_I16X8_U = SIMD + 0xA9;
    public static final int I32X4_EXTEND_HIGH_I16X8_U = SIMD + 0xAA;
    public static final int I32X4_SHL = SIMD + 0xAB;
    public static final int I32X4_SHR_S = SIMD + 0xAC;
    public static final int I32X4_SHR_U = SIMD + 0xAD;
    public static final int I32X4_ADD = SIMD + 0xAE;
    public static final int I32X4_SUB = SIMD + 0xB1;
    public static final int I32X4_MUL = SIMD + 0xB5;
    public static final int I32X4_MIN_S = SIMD + 0xB6;
    public static final int I32X4_MIN_U = SIMD + 0xB7;
    public static final int I32X4_MAX_S = SIMD + 0xB8;
    public static final int I32X4_MAX_U = SIMD + 0xB9;
    public static final int I32X4_DOT_I16X8_S = SIMD + 0xBA;
    public static final int I32X4_EXTMUL_LOW_I16X8_S = SIMD + 0xBC;
    public static final int I32X4_EXTMUL_HIGH_I16X8_S = SIMD + 0xBD;
    public static final int I32X4_EXTMUL_LOW_I16X8_U = SIMD + 0xBE;
    public static final int I32X4_EXTMUL_HIGH_I16X8_U = SIMD + 0xBF;
    public static final int I64X2_ABS = SIMD + 0xC0;
    public static final int I64X2_NEG = SIMD + 0xC1;
    public static final int I64X2_ALL_TRUE = SIMD + 0xC3;
    public static final int I64X2_BITMASK = SIMD + 0xC4;
    public static final int I64X2_EXTEND_LOW_I32X4_S = SIMD + 0xC7;
    public static final int I64X2_EXTEND_HIGH_I32X4_S = SIMD + 0xC8;
    public static final int I64X2_EXTEND_LOW_I32X4_U = SIMD + 0xC9;
    public static final int I64X2_EXTEND_HIGH_I32X4_U = SIMD + 0xCA;
    public static final int I64X2_SHL = SIMD + 0xCB;
    public static final int I64X2_SHR_S = SIMD + 0xCC;
    public static final int I64X2_SHR_U = SIMD + 0xCD;
    public static final int I64X2_ADD = SIMD + 0xCE;
    public static final int I64X2_SUB = SIMD + 0xD1;
    public static final int I64X2_MUL = SIMD + 0xD5;
    public static final int I64X2_EQ = SIMD + 0xD6;
    public static final int I64X2_NE = SIMD + 0xD7;
    public static final int I64X2_LT_S = SIMD + 0xD8;
    public static final int I64X2_GT_S = SIMD + 0xD9;
    public static final int I64X2_LE_S = SIMD + 0xDA;
    public static final int I64X2_GE_S = SIMD + 0xDB;
    public static final int I64X2_EXTMUL_LOW_I32X4_S = SIMD + 0xDC;
    public static final int I64X2_EXTMUL_HIGH_I32X4_S = SIMD + 0xDD;
    public static final int I64X2_EXTMUL_LOW_I32X4_U = SIMD + 0xDE;
    public static final int I64X2_EXTMUL_HIGH_I32X4_U = SIMD + 0xDF;
    public static final int F32X4_ABS = SIMD + 0xE0;
    public static final int F32X4_NEG = SIMD + 0xE1;
    public static final int F32X4_SQRT = SIMD + 0xE3;
    public static final int F32X4_ADD = SIMD + 0xE4;
    public static final int F32X4_SUB = SIMD + 0xE5;
    public static final int F32X4_MUL = SIMD + 0xE6;
    public static final int F32X4_DIV = SIMD + 0xE7;
    public static final int F32X4_MIN = SIMD + 0xE8;
    public static final int F32X4_MAX = SIMD + 0xE9;
    public static final int F32X4_PMIN = SIMD + 0xEA;
    public static final int F32X4_PMAX = SIMD + 0xEB;
    public static final int F64X2_ABS = SIMD + 0xEC;
    public static final int F64X2_NEG = SIMD + 0xED;
    public static final int F64X2_SQRT = SIMD + 0xEF;
    public static final int F64X2_ADD = SIMD + 0xF0;
    public static final int F64X2_SUB = SIMD + 0xF1;
    public static final int F64X2_MUL = SIMD + 0xF2;
    public static final int F64X2_DIV = SIMD + 0xF3;
    public static final int F64X2_MIN = SIMD + 0xF4;
    public static final int F64X2_MAX = SIMD + 0xF5;
    public static final int F64X2_PMIN = SIMD + 0xF6;
    public static final int F64X2_PMAX = SIMD + 0xF7;
    public static final int I32X4_TRUNC_SAT_F32X4_S = SIMD + 0xF8;
    public static final int I32X4_TRUNC_SAT_F32X4_U = SIMD + 0xF9;
    public static final int F32X4_CONVERT_I32X4_S = SIMD + 0xFA;
    public static final int F32X4_CONVERT_I32X4_U = SIMD + 0xFB;
    public static final int I32X4_TRUNC_SAT_F64X2_S_ZERO = SIMD + 0xFC;
    public static final int I32X4_TRUNC_SAT_F64X2_U_ZERO = SIMD + 0xFD;
    public static final int F64X2_CONVERT_LOW_I32X4_S = SIMD + 0xFE;
    public static final int F64X2_CONVERT_LOW_I32X4_U = SIMD + 0xFF;
    public static final int I8X16_RELAXED_SWIZZLE = SIMD + 0x100;
    public static final int I32X4_RELAXED_TRUNC_F32X4_S = SIMD + 0x101;
    public static final int I32X4_RELAXED_TRUNC_F32X4_U = SIMD + 0x102;
    public static final int I32X4_RELAXED_TRUNC_F64X2_S_ZERO = SIMD + 0x103;
    public static final int I32X4_RELAXED_TRUNC_F64X2_U_ZERO = SIMD + 0x104;
    public static final int F32X4_RELAXED_MADD = SIMD + 0x105;
    public static final int F32X4_RELAXED_NMADD = SIMD + 0x106;
    public static final int F64X2_RELAXED_MADD = SIMD + 0x107;
    public static final int F64X2_RELAXED_NMADD = SIMD + 0x108;
    public static final int I8X16_RELAXED_LANESELECT = SIMD + 0x109;
    public static final int I16X8_RELAXED_LANESELECT = SIMD + 0x10A;
    public static final int I32X4_RELAXED_LANESELECT = SIMD + 0x10B;
    public static final int I64X2_RELAXED_LANESELECT = SIMD + 0x10C;
    public static final int F32X4_RELAXED_MIN = SIMD + 0x10D;
    public static final int F32X4_RELAXED_MAX = SIMD + 0x10E;
    public static final int F64X2_RELAXED_MIN = SIMD + 0x10F;
    public static final int F64X2_RELAXED_MAX = SIMD + 0x110;
    public static final int I16X8_RELAXED_Q15MULR_S = SIMD + 0x111;
    public static final int I16X8_RELAXED_DOT_I8X16_I7X16_S = SIMD + 0x112;
    public static final int I32X4_RELAXED_DOT_I8X16_I7X16_ADD_S = SIMD + 0x113;

    // 0xFE: atomics (threads)
    public static final int MEMORY_ATOMIC_NOTIFY = ATOMIC + 0x00;
    public static final int MEMORY_ATOMIC_WAIT32 = ATOMIC + 0x01;
    public static final int MEMORY_ATOMIC_WAIT64 = ATOMIC + 0x02;
    public static final int ATOMIC_FENCE = ATOMIC + 0x03;
    public static final int I32_ATOMIC_LOAD = ATOMIC + 0x10;
    public static final int I64_ATOMIC_LOAD = ATOMIC + 0x11;
    public static final int I32_ATOMIC_LOAD8_U = ATOMIC + 0x12;
    public static final int I32_ATOMIC_LOAD16_U = ATOMIC + 0x13;
    public static final int I64_ATOMIC_LOAD8_U = ATOMIC + 0x14;
    public static final int I64_ATOMIC_LOAD16_U = ATOMIC + 0x15;
    public static final int I64_ATOMIC_LOAD32_U = ATOMIC + 0x16;
    public static final int I32_ATOMIC_STORE = ATOMIC + 0x17;
    public static final int I64_ATOMIC_STORE = ATOMIC + 0x18;
    public static final int I32_ATOMIC_STORE8 = ATOMIC + 0x19;
    public static final int I32_ATOMIC_STORE16 = ATOMIC + 0x1A;
    public static final int I64_ATOMIC_STORE8 = ATOMIC + 0x1B;
    public static final int I64_ATOMIC_STORE16 = ATOMIC + 0x1C;
    public static final int I64_ATOMIC_STORE32 = ATOMIC + 0x1D;
    public static final int I32_ATOMIC_RMW_ADD = ATOMIC + 0x1E;
    public static final int I64_ATOMIC_RMW_ADD = ATOMIC + 0x1F;
    public static final int I32_ATOMIC_RMW8_ADD_U = ATOMIC + 0x20;
    public static final int I32_ATOMIC_RMW16_ADD_U = ATOMIC + 0x21;
    public static final int I64_ATOMIC_RMW8_ADD_U = ATOMIC + 0x22;
    public static final int I64_ATOMIC_RMW16_ADD_U = ATOMIC + 0x23;
    public static final int I64_ATOMIC_RMW32_ADD_U = ATOMIC + 0x24;
    public static final int I32_ATOMIC_RMW_SUB = ATOMIC + 0x25;
    public static final int I64_ATOMIC_RMW_SUB = ATOMIC + 0x26;
    public static final int I32_ATOMIC_RMW8_SUB_U = ATOMIC + 0x27;
    public static final int I32_ATOMIC_RMW16_SUB_U = ATOMIC + 0x28;
    public static final int I64_ATOMIC_RMW8_SUB_U = ATOMIC + 0x29;
    public static final int I64_ATOMIC_RMW16_SUB_U = ATOMIC + 0x2A;
    public static final int I64_ATOMIC_RMW32_SUB_U = ATOMIC + 0x2B;
    public static final int I32_ATOMIC_RMW_AND = ATOMIC + 0x2C;
    public static final int I64_ATOMIC_RMW_AND = ATOMIC + 0x2D;
    public static final int I32_ATOMIC_RMW8_AND_U = ATOMIC + 0x2E;
    public static final int I32_ATOMIC_RMW16_AND_U = ATOMIC + 0x2F;
    public static final int I64_ATOMIC_RMW8_AND_U = ATOMIC + 0x30;
    public static final int I64_ATOMIC_RMW16_AND_U = ATOMIC + 0x31;
    public static final int I64_ATOMIC_RMW32_AND_U = ATOMIC + 0x32;
    public static final int I32_ATOMIC_RMW_OR = ATOMIC + 0x33;
    public static final int I64_ATOMIC_RMW_OR = ATOMIC + 0x34;
    public static final int I32_ATOMIC_RMW8_OR_U = ATOMIC + 0x35;
    public static final int I32_ATOMIC_RMW16_OR_U = ATOMIC + 0x36;
    public static final int I64_ATOMIC_RMW8_OR_U = ATOMIC + 0x37;
    public static final int I64_ATOMIC_RMW16_OR_U = ATOMIC + 0x38;
    public static final int I64_ATOMIC_RMW32_OR_U = ATOMIC + 0x39;
    public static final int I32_ATOMIC_RMW_XOR = ATOMIC + 0x3A;
    public static final int I64_ATOMIC_RMW_XOR = ATOMIC + 0x3B;
    public static final int I32_ATOMIC_RMW8_XOR_U = ATOMIC + 0x3C;
    public static final int I32_ATOMIC_RMW16_XOR_U = ATOMIC + 0x3D;
    public static final int I64_ATOMIC_RMW8_XOR_U = ATOMIC + 0x3E;
    public static final int I64_ATOMIC_RMW16_XOR_U = ATOMIC + 0x3F;
    public static final int I64_ATOMIC_RMW32_XOR_U = ATOMIC + 0x40;
    public static final int I32_ATOMIC_RMW_XCHG = ATOMIC + 0x41;
    public static final int I64_ATOMIC_RMW_XCHG = ATOMIC + 0x42;
    public static final int I32_ATOMIC_RMW8_XCHG_U = ATOMIC + 0x43;
    public static final int I32_ATOMIC_RMW16_XCHG_U = ATOMIC + 0x44;
    public static final int I64_ATOMIC_RMW8_XCHG_U = ATOMIC + 0x45;
    public static final int I64_ATOMIC_RMW16_XCHG_U = ATOMIC + 0x46;
    public static final int I64_ATOMIC_RMW32_XCHG_U = ATOMIC + 0x47;
    public static final int I32_ATOMIC_RMW_CMPXCHG = ATOMIC + 0x48;
    public static final int I64_ATOMIC_RMW_CMPXCHG = ATOMIC + 0x49;
    public static final int I32_ATOMIC_RMW8_CMPXCHG_U = ATOMIC + 0x4A;
    public static final int I32_ATOMIC_RMW16_CMPXCHG_U = ATOMIC + 0x4B;
    public static final int I64_ATOMIC_RMW8_CMPXCHG_U = ATOMIC + 0x4C;
    public static final int I64_ATOMIC_RMW16_CMPXCHG_U = ATOMIC + 0x4D;
    public static final int I64_ATOMIC_RMW32_CMPXCHG_U = ATOMIC + 0x4E;
    /** In {@link #SIGNATURES}: the stack effect is not fixed. */
    static final int SPECIAL = 0x8000;
    /** In {@link #SIGNATURES}: no such instruction. */
    static final int UNDEFINED = 0x8001;

    private static final String SIGNATURE_TEXT =
            "\u8000\000\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000"
            + "\u8000\u8000\u8000\u8000\u8000\u8000\u8001\u8001\u8000\u8000\u8000\u8000\u8000\u8001\u8001\u8000"
            + "\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8001\u2206\u3406\u2606\u3806\u0206\u0206\u1206\u1206"
            + "\u0406\u0406\u1406\u1406\u2406\u2406\u200E\u3016\u201E\u3026\016\u100E\026\u1016\u2016\u8000"
            + "\u8000\u0200\u0400\u0600\u0800\u0201\u0209\u0209\u0209\u0209\u0209\u0209\u0209\u0209\u0209\u0209"
            + "\u0202\u0212\u0212\u0212\u0212\u0212\u0212\u0212\u0212\u0212\u0212\u021B\u021B\u021B\u021B\u021B"
            + "\u021B\u0224\u0224\u0224\u0224\u0224\u0224\u0201\u0201\u0201\u0209\u0209\u0209\u0209\u0209\u0209"
            + "\u0209\u0209\u0209\u0209\u0209\u0209\u0209\u0209\u0209\u0402\u0402\u0402\u0412\u0412\u0412\u0412"
            + "\u0412\u0412\u0412\u0412\u0412\u0412\u0412\u0412\u0412\u0412\u0412\u0603\u0603\u0603\u0603\u0603"
            + "\u0603\u0603\u061B\u061B\u061B\u061B\u061B\u061B\u061B\u0804\u0804\u0804\u0804\u0804\u0804\u0804"
            + "\u0824\u0824\u0824\u0824\u0824\u0824\u0824\u0202\u0203\u0203\u0204\u0204\u0401\u0401\u0403\u0403"
            + "\u0404\u0404\u0601\u0601\u0602\u0602\u0604\u0801\u0801\u0802\u0802\u0803\u0203\u0404\u0601\u0802"
            + "\u0201\u0201\u0402\u0402\u0402\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001"
            + "\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001"
            + "\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001"
            + "\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001"
            + "\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000"
            + "\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8001"
            + "\u0203\u0203\u0204\u0204\u0403\u0403\u0404\u0404\u8000\u8000\u8000\u8000\u8000\u8000\u8000\u8000"
            + "\u8000\u8000\u8001\u8000\u8000\u8000\u8000\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001"
            + "\u220E\u228E\u3296\000\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001"
            + "\u2206\u3406\u0206\u1206\u0406\u1406\u2406\u200E\u3016\016\u100E\026\u1016\u2016\u220E\u3416"
            + "\u020E\u120E\u0416\u1416\u2416\u220E\u3416\u020E\u120E\u0416\u1416\u2416\u220E\u3416\u020E\u120E"
            + "\u0416\u1416\u2416\u220E\u3416\u020E\u120E\u0416\u1416\u2416\u220E\u3416\u020E\u120E\u0416\u1416"
            + "\u2416\u220E\u3416\u020E\u120E\u0416\u1416\u2416\u224E\u3496\u024E\u124E\u0496\u1496\u2496\u8001"
            + "\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001"
            + "\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001"
            + "\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001"
            + "\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001"
            + "\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001"
            + "\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001"
            + "\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001"
            + "\u4A06\u3A06\u3A06\u3A06\u3A06\u3A06\u3A06\u0A06\u1A06\u2A06\u3A06\u402E\u0A00\u0A2D\u0A2D\u0A01"
            + "\u0A01\u0A01\u0A02\u0A03\u0A04\u0205\u0205\u0A0D\u1205\u1205\u1A0D\u2205\u2A0D\u3405\u3A15\u2605"
            + "\u2A1D\u3805\u3A25\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D"
            + "\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D"
            + "\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A05\u0A2D\u0A2D"
            + "\u0A2D\u0A2D\u0B6D\u0205\u0A2E\u1A2E\u2A2E\u3A2E\056\u102E\u202E\u302E\u2A06\u3A06\u0A05\u0A05"
            + "\u0A05\u0A05\u0A05\u0205\u0205\u0A2D\u0A2D\u0A05\u0A05\u0A05\u0A05\u0A0D\u0A0D\u0A0D\u0A2D\u0A2D"
            + "\u0A2D\u0A2D\u0A2D\u0A2D\u0A05\u0A05\u0A2D\u0A2D\u0A2D\u0A2D\u0A05\u0A2D\u0A05\u0A05\u0A05\u0A05"
            + "\u0A05\u0A05\u0A2D\u0205\u0205\u0A2D\u0A2D\u0A05\u0A05\u0A05\u0A05\u0A0D\u0A0D\u0A0D\u0A2D\u0A2D"
            + "\u0A2D\u0A2D\u0A2D\u0A2D\u0A05\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u8001\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D"
            + "\u0A05\u0A05\u8001\u0205\u0205\u8001\u8001\u0A05\u0A05\u0A05\u0A05\u0A0D\u0A0D\u0A0D\u0A2D\u8001"
            + "\u8001\u0A2D\u8001\u8001\u8001\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u8001\u0A2D\u0A2D\u0A2D\u0A2D"
            + "\u0A05\u0A05\u8001\u0205\u0205\u8001\u8001\u0A05\u0A05\u0A05\u0A05\u0A0D\u0A0D\u0A0D\u0A2D\u8001"
            + "\u8001\u0A2D\u8001\u8001\u8001\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D"
            + "\u0A05\u0A05\u8001\u0A05\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A05\u0A05\u8001\u0A05"
            + "\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A2D\u0A05\u0A05\u0A05\u0A05\u0A05\u0A05\u0A05\u0A05"
            + "\u0A2D\u0A05\u0A05\u0A05\u0A05\u0B6D\u0B6D\u0B6D\u0B6D\u0B6D\u0B6D\u0B6D\u0B6D\u0A2D\u0A2D\u0A2D"
            + "\u0A2D\u0A2D\u0A2D\u0B6D\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001\u8001";

    private static final String IMMEDIATE_TEXT =
            "\000\000\001\001\001\000\001\011\011\002\000\000\002\002\003\000"
            + "\005\007\005\007\006\006\000\000\002\000\000\000\010\000\000\004"
            + "\012\012\012\013\013\014\014\000\024\024\024\024\024\024\024\024"
            + "\024\024\024\024\024\024\024\024\024\024\024\024\024\024\024\022"
            + "\022\030\031\032\033\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\035\000\005\000\000\002\002\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\006\006\036\036\036\036\006\006\037\040\041\006\006\006\006\000"
            + "\006\042\040\041\035\035\035\035\043\043\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\021\020\023\022\017\016\015\014"
            + "\014\014\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\024\024\024\044\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\024\024\024\024\024\024\024\024\024\024\024\024\024\024\024\024"
            + "\024\024\024\024\024\024\024\024\024\024\024\024\024\024\024\024"
            + "\024\024\024\024\024\024\024\024\024\024\024\024\024\024\024\024"
            + "\024\024\024\024\024\024\024\024\024\024\024\024\024\024\024\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\024\024\024\024\024\024\024\024\024\024\024\024\034\027\000\000"
            + "\000\000\000\000\000\026\026\026\026\026\026\026\026\026\026\026"
            + "\026\026\026\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\025\025\025\025\025\025\025\025\024\024\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
            + "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000";

    /**
     * The fixed signatures: three operands of three bits, first operand lowest, then the result's three bits, then
     * the log2 of the access width. 1 to 5 are i32, i64, f32, f64, v128, so that {@code 0x80 - n} is the type's code;
     * 6 is the address type of the memory, 0 nothing. Or {@link #SPECIAL}, or {@link #UNDEFINED}.
     */
    static final char[] SIGNATURES = SIGNATURE_TEXT.toCharArray();
    /** The ordinal in {@link Imm} of each instruction's immediates. */
    static final char[] IMMEDIATES = IMMEDIATE_TEXT.toCharArray();

    private OpBytes() {
    }

    /** What is added to the code after this prefix byte (0: none) to get the instruction's number. */
    static int base(int prefix) {
        return switch (prefix) {
            case 0 -> 0;
            case 0xFB -> GC;
            case 0xFC -> MISC;
            case 0xFD -> SIMD;
            case 0xFE -> ATOMIC;
            default -> throw new IllegalArgumentException("no prefix: " + prefix);
        };
    }
}
