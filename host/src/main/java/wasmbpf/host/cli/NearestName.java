package wasmbpf.host.cli;

import java.util.List;

/** Finds what was meant by a mistyped name. */
final class NearestName {
    private NearestName() {}

    /** The one of {@code names} that takes the fewest edits to become {@code typed}; null when none is near. */
    static String of(String typed, List<String> names) {
        String best = null;
        int least = Math.max(1, typed.length() / 3) + 1;
        for (String name : names) {
            int edits = name.startsWith(typed) && typed.length() > 1 ? 1 : distance(typed, name);
            if (edits < least) {
                least = edits;
                best = name;
            }
        }
        return best;
    }

    /** Levenshtein's distance. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replace, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
