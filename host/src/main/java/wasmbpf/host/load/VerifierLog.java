package wasmbpf.host.load;

/**
 * What the verifier said of one program.
 *
 * @param program the program's name
 * @param text    the whole log, lines ended by newlines
 */
public record VerifierLog(String program, String text) {
}
