package wasmbpf.sys.replay;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import wasmbpf.sys.SystemCall;

/** {@link SystemCall#signature()}, parsed. */
record Signature(List<Parameter> parameters, String result) {
    /**
     * @param kind {@code ""} for a plain number
     * @param extent what stood in parentheses: how many bytes lie there; {@code ""} if nothing did
     */
    record Parameter(String name, String kind, String extent) {}

    private static final Map<SystemCall, Signature> PARSED = new EnumMap<>(SystemCall.class);

    static synchronized Signature of(SystemCall call) {
        return PARSED.computeIfAbsent(call, c -> parse(c.signature()));
    }

    private static Signature parse(String text) {
        String result = "";
        int arrow = text.indexOf("->");
        if (arrow >= 0) {
            result = text.substring(arrow + 2).trim();
            text = text.substring(0, arrow);
        }
        List<Parameter> parameters = new ArrayList<>();
        for (String word : text.trim().split(" ")) {
            if (word.isEmpty()) {
                continue;
            }
            int colon = word.indexOf(':');
            String name = colon < 0 ? word : word.substring(0, colon);
            String kind = colon < 0 ? "" : word.substring(colon + 1);
            String extent = "";
            int open = kind.indexOf('(');
            if (open >= 0) {
                extent = kind.substring(open + 1, kind.length() - 1);
                kind = kind.substring(0, open);
            }
            parameters.add(new Parameter(name, kind, extent));
        }
        return new Signature(List.copyOf(parameters), result);
    }

    /** The number that an extent stands for in a call with these arguments. */
    long extent(Parameter parameter, long[] arguments) {
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i).name().equals(parameter.extent())) {
                return arguments[i] & 0xffff_ffffL;
            }
        }
        return Long.parseLong(parameter.extent());
    }
}
