package wasmbpf.wasm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** The calls that something has ended on its way out, noted while the stack unwinds and told when someone asks. */
final class CallTrace {
    /** Frames kept from the innermost side; of an endless recursion nobody reads more. */
    private static final int MAX_FRAMES = 64;

    /** The open calls, innermost first, and where in their code. */
    private WasmFunction[] functions;
    private int[] positions;
    private int frames;
    private int omitted;

    /** @param atOnce whether to have all the room from the start: the stack to unwind may be nearly full */
    CallTrace(boolean atOnce) {
        functions = new WasmFunction[atOnce ? MAX_FRAMES : 8];
        positions = new int[functions.length];
    }

    /** Notes a call; {@code position} is for {@link WasmFunction#frame}. */
    void add(WasmFunction function, int position) {
        if (frames == MAX_FRAMES) {
            omitted++;
            return;
        }
        if (frames == functions.length) {
            functions = Arrays.copyOf(functions, 2 * frames);
            positions = Arrays.copyOf(positions, 2 * frames);
        }
        functions[frames] = function;
        positions[frames++] = position;
    }

    List<WasmFrame> stack() {
        List<WasmFrame> stack = new ArrayList<>(frames);
        for (int i = 0; i < frames; i++) {
            stack.add(functions[i].frame(positions[i]));
        }
        return stack;
    }

    int omitted() {
        return omitted;
    }

    /** One line a frame; where a module has DWARF line tables with source places, and a line for each call that was inlined. */
    void print(StringBuilder text) {
        List<WasmFrame> stack = stack();
        List<List<SourceFrame>> sources = sources(stack);
        for (int i = 0; i < stack.size(); i++) {
            DebugLines.print(text, stack.get(i), sources.get(i));
        }
        if (omitted > 0) {
            text.append("\n    ... ").append(omitted).append(" more");
        }
    }

    /** One look-up a module. */
    private List<List<SourceFrame>> sources(List<WasmFrame> stack) {
        List<List<SourceFrame>> sources = new ArrayList<>(Collections.nCopies(frames, List.of()));
        for (int i = 0; i < frames; i++) {
            WasmModule module = functions[i].instance.module();
            int first = i;
            if (IntStream.range(0, first).anyMatch(k -> functions[k].instance.module() == module)) {
                continue;
            }
            int[] places = IntStream.range(first, frames).filter(k -> functions[k].instance.module() == module
                    && stack.get(k).offset() >= 0).toArray();
            List<List<SourceFrame>> found = module.sources(IntStream.of(places).map(k -> stack.get(k).offset()).toArray());
            for (int k = 0; k < places.length; k++) {
                sources.set(places[k], found.get(k));
            }
        }
        return sources;
    }
}
