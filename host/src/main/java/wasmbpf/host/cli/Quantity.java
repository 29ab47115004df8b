package wasmbpf.host.cli;

/** Durations and sizes as people write them: {@code 2s}, {@code 500ms}, {@code 1.5m}; {@code 64M}, {@code 1G}. */
final class Quantity {
    private Quantity() {}

    /** Nanoseconds; a bare number is seconds, as in timeout(1). Units: ms, s, m, h. */
    static long nanos(Option option, String text) {
        int unit = unitStart(text);
        double scale = switch (text.substring(unit)) {
            case "", "s" -> 1e9;
            case "ms" -> 1e6;
            case "m" -> 60e9;
            case "h" -> 3600e9;
            default -> 0;
        };
        return scaled(option, text, unit, scale, "a duration such as 2s, 500ms or 1m");
    }

    /** Bytes; a bare number is bytes. Units: K, M, G, of 1024. */
    static long bytes(Option option, String text) {
        int unit = unitStart(text);
        double scale = switch (text.substring(unit)) {
            case "" -> 1;
            case "K", "k", "KiB" -> 1024;
            case "M", "m", "MiB" -> 1 << 20;
            case "G", "g", "GiB" -> 1 << 30;
            default -> 0;
        };
        return scaled(option, text, unit, scale, "a size such as 65536, 64M or 1G");
    }

    /** A number of things, at least one. */
    static int count(Option option, String text, int most) {
        if (text.matches("[0-9]{1,9}")) {
            int value = Integer.parseInt(text);
            if (value >= 1 && value <= most) {
                return value;
            }
        }
        throw new UsageException(option + " " + text + ": a number from 1 to " + most + " is wanted");
    }

    private static long scaled(Option option, String text, int unit, double scale, String expected) {
        if (scale != 0 && unit > 0) {
            try {
                double value = Double.parseDouble(text.substring(0, unit)) * scale;
                if (value < 9e18) {
                    return Math.round(value);
                }
            } catch (NumberFormatException e) {
                // Two points, for example: said below.
            }
        }
        throw new UsageException(option + " " + text + ": " + expected + " is wanted");
    }

    private static int unitStart(String text) {
        int i = 0;
        while (i < text.length() && (text.charAt(i) >= '0' && text.charAt(i) <= '9' || text.charAt(i) == '.')) {
            i++;
        }
        return i;
    }
}
