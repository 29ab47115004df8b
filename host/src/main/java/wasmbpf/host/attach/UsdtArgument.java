package wasmbpf.host.attach;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a USDT probe finds one of its arguments, as the assembler spelled it: libbpf {@code parse_usdt_arg}.
 *
 * <pre>
 * x86-64     8@%rdi          register            -4@-20(%rbp)             memory at register
 *            -4@$5           constant            1@-96(%rbp,%rax,8)       memory at register + index * scale
 * aarch64    8@x0   -4@[sp, 60]   8@[x2]   -4@5
 * </pre>
 *
 * @param kind           where it is
 * @param value          the constant, or what is added to the register
 * @param registerOffset of the register in {@code struct pt_regs}
 * @param indexOffset    of the index register
 * @param scaleShift     log2 of the index's scale
 * @param signed         negative sizes are signed
 * @param sizeBytes      1, 2, 4 or 8
 */
record UsdtArgument(Kind kind, long value, int registerOffset, int indexOffset, int scaleShift, boolean signed,
                    int sizeBytes) {
    /** In the order of {@code enum __bpf_usdt_arg_type}. */
    enum Kind { CONSTANT, REGISTER, MEMORY, INDEXED_MEMORY }

    /** The most a program can read. */
    static final int MOST = 12;

    private static final String NUMBER = "(-?(?:0x[0-9a-fA-F]+|\\d+))";
    private static final Pattern X86_INDEXED =
            Pattern.compile(NUMBER + "?\\(\\s*%(\\w+)\\s*,\\s*%(\\w+)\\s*(?:,\\s*(\\d+)\\s*)?\\)");
    private static final Pattern X86_MEMORY = Pattern.compile(NUMBER + "?\\(\\s*%(\\w+)\\s*\\)");
    private static final Pattern X86_REGISTER = Pattern.compile("%(\\w+)");
    private static final Pattern X86_CONSTANT = Pattern.compile("\\$" + NUMBER);
    private static final Pattern ARM_MEMORY = Pattern.compile("\\[\\s*(\\w+)\\s*(?:,\\s*#?" + NUMBER + "\\s*)?\\]");
    private static final Pattern ARM_REGISTER = Pattern.compile("(?:x\\d+|sp)");
    private static final Pattern CONSTANT = Pattern.compile(NUMBER);
    private static final Pattern ARGUMENT = Pattern.compile("\\s*(-?\\d+)\\s*@\\s*");

    /** Each register's other names, in {@code struct pt_regs} of arch/x86: index * 8 is its offset. */
    private static final List<List<String>> X86 = List.of(List.of("r15", "r15d", "r15w", "r15b"),
            List.of("r14", "r14d", "r14w", "r14b"), List.of("r13", "r13d", "r13w", "r13b"),
            List.of("r12", "r12d", "r12w", "r12b"), List.of("rbp", "ebp", "bp", "bpl"),
            List.of("rbx", "ebx", "bx", "bl"),
            List.of("r11", "r11d", "r11w", "r11b"), List.of("r10", "r10d", "r10w", "r10b"),
            List.of("r9", "r9d", "r9w", "r9b"), List.of("r8", "r8d", "r8w", "r8b"), List.of("rax", "eax", "ax", "al"),
            List.of("rcx", "ecx", "cx", "cl"), List.of("rdx", "edx", "dx", "dl"), List.of("rsi", "esi", "si", "sil"),
            List.of("rdi", "edi", "di", "dil"), List.of(), List.of("rip", "eip", "ip"), List.of(), List.of(),
            List.of("rsp", "esp", "sp", "spl"));
    private static final Map<String, Integer> X86_OFFSETS = x86Offsets();

    private static Map<String, Integer> x86Offsets() {
        Map<String, Integer> offsets = new HashMap<>();
        for (int i = 0; i < X86.size(); i++) {
            for (String name : X86.get(i)) {
                offsets.put(name, i * 8);
            }
        }
        return offsets;
    }

    /**
     * The arguments of one probe.
     *
     * @param text as in the note: separated by spaces
     * @throws IllegalArgumentException saying which cannot be read
     */
    static List<UsdtArgument> parseAll(String text, String architecture) {
        List<UsdtArgument> arguments = new ArrayList<>();
        int at = 0;
        Matcher next = ARGUMENT.matcher(text);
        while (at < text.length() && !text.substring(at).isBlank()) {
            if (!next.region(at, text.length()).lookingAt()) {
                throw new IllegalArgumentException("argument " + arguments.size() + " of \"" + text
                        + "\" has no size@");
            }
            int start = next.end();
            // It ends at the next "size@", as it may have spaces of its own.
            Matcher following = Pattern.compile("\\s+-?\\d+\\s*@").matcher(text);
            int end = following.find(start) ? following.start() : text.length();
            if (arguments.size() == MOST) {
                throw new IllegalArgumentException("\"" + text + "\" has more than " + MOST + " arguments");
            }
            arguments.add(parse(text, Integer.parseInt(next.group(1)), text.substring(start, end).strip(),
                    architecture));
            at = end;
        }
        return List.copyOf(arguments);
    }

    private static UsdtArgument parse(String all, int size, String place, String architecture) {
        int bytes = Math.abs(size);
        if (bytes != 1 && bytes != 2 && bytes != 4 && bytes != 8) {
            throw new IllegalArgumentException("argument \"" + place + "\" of \"" + all + "\" has " + size + " bytes");
        }
        UsdtArgument found = switch (architecture) {
            case "amd64" -> x86(place, size < 0, bytes);
            case "aarch64" -> arm(place, size < 0, bytes);
            default -> null;
        };
        if (found == null) {
            throw new IllegalArgumentException("argument \"" + place + "\" of \"" + all + "\" is not understood on "
                    + architecture);
        }
        return found;
    }

    private static UsdtArgument x86(String place, boolean signed, int bytes) {
        Matcher m = X86_INDEXED.matcher(place);
        if (m.matches()) {
            int base = x86Register(m.group(2));
            int index = x86Register(m.group(3));
            int scale = m.group(4) == null ? 1 : Integer.parseInt(m.group(4));
            if (base < 0 || index < 0 || scale > 8 || Integer.bitCount(scale) != 1) {
                return null;
            }
            return new UsdtArgument(Kind.INDEXED_MEMORY, number(m.group(1)), base, index,
                    Integer.numberOfTrailingZeros(scale), signed, bytes);
        }
        m = X86_MEMORY.matcher(place);
        if (m.matches()) {
            int base = x86Register(m.group(2));
            return base < 0 ? null
                    : new UsdtArgument(Kind.MEMORY, number(m.group(1)), base, 0, 0, signed, bytes);
        }
        m = X86_REGISTER.matcher(place);
        if (m.matches()) {
            int register = x86Register(m.group(1));
            return register < 0 ? null : new UsdtArgument(Kind.REGISTER, 0, register, 0, 0, signed, bytes);
        }
        m = X86_CONSTANT.matcher(place);
        return m.matches() ? new UsdtArgument(Kind.CONSTANT, number(m.group(1)), 0, 0, 0, signed, bytes) : null;
    }

    private static int x86Register(String name) {
        // What stands beside %rip is a symbol that only the linker could have resolved.
        return name.equals("rip") ? -1 : X86_OFFSETS.getOrDefault(name, -1);
    }

    private static UsdtArgument arm(String place, boolean signed, int bytes) {
        Matcher m = ARM_MEMORY.matcher(place);
        if (m.matches()) {
            int base = armRegister(m.group(1));
            return base < 0 ? null
                    : new UsdtArgument(Kind.MEMORY, number(m.group(2)), base, 0, 0, signed, bytes);
        }
        if (ARM_REGISTER.matcher(place).matches()) {
            int register = armRegister(place);
            return register < 0 ? null : new UsdtArgument(Kind.REGISTER, 0, register, 0, 0, signed, bytes);
        }
        return CONSTANT.matcher(place).matches()
                ? new UsdtArgument(Kind.CONSTANT, number(place), 0, 0, 0, signed, bytes) : null;
    }

    /** {@code struct user_pt_regs}: x0 to x30, then sp. */
    private static int armRegister(String name) {
        if (name.equals("sp")) {
            return 31 * 8;
        }
        if (name.length() < 2 || name.length() > 3 || name.charAt(0) != 'x') {
            return -1;
        }
        try {
            int number = Integer.parseInt(name.substring(1));
            return number <= 30 ? number * 8 : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static long number(String text) {
        try {
            return text == null ? 0 : Long.decode(text);
        } catch (NumberFormatException e) {
            // Unsigned 64-bit constants are written in full.
            return Long.parseUnsignedLong(text.startsWith("0x") ? text.substring(2) : text,
                    text.startsWith("0x") ? 16 : 10);
        }
    }
}
