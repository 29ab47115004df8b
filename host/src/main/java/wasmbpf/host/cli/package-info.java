/**
 * The command line: one class a command, one table of {@link wasmbpf.host.cli.Option}s each, from which parser, help and
 * completion are made. Knows every other package; nobody knows it. Standard output is the guest's alone (help and version
 * asked for excepted); everything else of ours goes to standard error.
 *
 * <p>What runs before a guest's first call avoids lambdas, regular expressions, {@code String.format} and reflection:
 * each costs milliseconds the first time.
 */
package wasmbpf.host.cli;
