package wasmbpf.sys.replay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A recorded run: text, format 1.
 * <pre>
 * wasm-bpf syscall trace 1
 * kernel: Linux 6.18.44 x86_64
 *
 * 1 bpf(MAP_CREATE, map_type=RINGBUF, max_entries=4096, map_name="rb") = fd#3
 *
 * 2 bpf(OBJ_GET_INFO_BY_FD, bpf_fd=fd#3, info_len=104, info={}) = 0
 *   info.type = 27
 *   info.name = "rb"
 *
 * 3 mmap(0, 12288, READ, SHARED, fd#3, 4096) = mem#1
 *   mem#1+0 = 1000 +4094
 *
 * 4 refresh() = 1
 *   mem#1+0 = 08
 * </pre>
 * A header of {@code key: value} lines; then a block a call: its number, what the caller asked, what the kernel
 * answered (a number, {@code -ERRNO}, a new {@code fd#} or {@code mem#}), and indented what the kernel wrote: {@code
 * name = value}, the value going on over lines indented deeper ({@link DataText} has the notations). Descriptors and
 * mappings are numbered in the order they appeared; addresses do not occur. Inputs of more than 256 bytes are {@code
 * sha256:DIGEST/LENGTH}, and the bytes lie in a file of that digest's name in the directory {@code NAME.data} beside
 * the trace. {@code refresh()} is no call: its result n says that the n-th look at mapped memory after the block before
 * it ({@link wasmbpf.sys.Kernel#refreshMapped}) found it changed.
 */
public record SyscallTrace(Map<String, String> header, List<Call> calls) {
    static final String FIRST_LINE = "wasm-bpf syscall trace 1";
    /** No call, but the moment at which the caller looked at mapped memory and found it changed. */
    static final String REFRESH = "refresh()";

    /**
     * @param number from 1
     * @param request the call as asked: {@code close(fd#3)}
     * @param outputs what the kernel wrote, in order
     * @param line where the call stands in the file
     */
    public record Call(int number, String request, String result, List<Output> outputs, int line) {}

    /** One value the kernel wrote; the value may have several lines. */
    public record Output(String name, String value) {}

    public SyscallTrace {
        header = Collections.unmodifiableMap(new LinkedHashMap<>(header));
        calls = List.copyOf(calls);
    }

    /** Where the large inputs of a trace lie. */
    static Path dataDirectory(Path file) {
        return file.resolveSibling(file.getFileName() + ".data");
    }

    /** @throws TraceException if the file is no trace */
    public static SyscallTrace read(Path file) throws IOException {
        return parse(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
    }

    /** @throws TraceException if the text is no trace, with the line */
    public static SyscallTrace parse(String text) {
        String[] lines = text.split("\n", -1);
        if (!lines[0].equals(FIRST_LINE)) {
            throw new TraceException("line 1: expected \"" + FIRST_LINE + "\"");
        }
        Map<String, String> header = new LinkedHashMap<>();
        int i = 1;
        for (; i < lines.length && !lines[i].isEmpty(); i++) {
            int colon = lines[i].indexOf(": ");
            if (colon < 1) {
                throw new TraceException("line " + (i + 1) + ": header wants \"key: value\": " + cut(lines[i]));
            }
            header.put(lines[i].substring(0, colon), lines[i].substring(colon + 2));
        }
        List<Call> calls = new ArrayList<>();
        while (i < lines.length) {
            if (lines[i].isEmpty()) {
                i++;
                continue;
            }
            int first = i++;
            List<Output> outputs = new ArrayList<>();
            while (i < lines.length && lines[i].startsWith("  ")) {
                i = parseOutput(lines, i, outputs);
            }
            calls.add(parseCall(lines[first], first + 1, calls.size() + 1, outputs));
        }
        return new SyscallTrace(header, calls);
    }

    private static Call parseCall(String line, int lineNumber, int number, List<Output> outputs) {
        String where = "line " + lineNumber + ": ";
        int space = line.indexOf(' ');
        int equals = line.lastIndexOf(" = ");
        if (space < 1 || equals < space || !line.substring(0, space).equals(Integer.toString(number))) {
            throw new TraceException(where + "expected \"" + number + " call(…) = result\": " + cut(line));
        }
        String request = line.substring(space + 1, equals);
        String result = line.substring(equals + 3);
        checkResult(result, where);
        return new Call(number, request, result, List.copyOf(outputs), lineNumber);
    }

    private static int parseOutput(String[] lines, int i, List<Output> outputs) {
        int equals = lines[i].indexOf(" = ");
        if (lines[i].startsWith("   ") || equals < 3) {
            throw new TraceException("line " + (i + 1) + ": expected \"  name = value\": " + cut(lines[i]));
        }
        String name = lines[i].substring(2, equals);
        StringBuilder value = new StringBuilder(lines[i].substring(equals + 3));
        for (i++; i < lines.length && lines[i].startsWith("    "); i++) {
            value.append('\n').append(lines[i], 4, lines[i].length());
        }
        outputs.add(new Output(name, value.toString()));
        return i;
    }

    private static void checkResult(String result, String where) {
        boolean good = result.startsWith("fd#") || result.startsWith("mem#")
                ? isNumber(result.substring(result.indexOf('#') + 1), 9)
                : result.startsWith("-E") ? wasmbpf.sys.Errno.number(result.substring(1)) != 0
                : isNumber(result.startsWith("-") ? result.substring(1) : result, 18);
        if (!good) {
            throw new TraceException(where + "no result: " + cut(result));
        }
    }

    private static boolean isNumber(String digits, int most) {
        return !digits.isEmpty() && digits.length() <= most && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static String cut(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    /** A call as it stands in the file, with the empty line before it. */
    static String text(int number, String request, String result, List<Output> outputs) {
        StringBuilder text = new StringBuilder("\n").append(number).append(' ').append(request).append(" = ")
                .append(result).append('\n');
        for (Output output : outputs) {
            text.append("  ").append(output.name()).append(" = ").append(output.value().replace("\n", "\n    "))
                    .append('\n');
        }
        return text.toString();
    }

    /** The whole trace as text: {@code parse(t.text())} equals {@code t} but for line numbers. */
    public String text() {
        StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
        header.forEach((key, value) -> text.append(key).append(": ").append(value).append('\n'));
        for (Call call : calls) {
            text.append(text(call.number(), call.request(), call.result(), call.outputs()));
        }
        return text.toString();
    }
}
