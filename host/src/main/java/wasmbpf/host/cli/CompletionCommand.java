package wasmbpf.host.cli;

import java.util.List;

/** {@code wasm-bpf completion bash|zsh|fish}: shell code made from the commands' option tables. */
final class CompletionCommand extends Command {
    CompletionCommand() {
        super("completion", "bash|zsh|fish", "print completion code for a shell");
    }

    @Override
    List<Option> options() {
        return List.of();
    }

    @Override
    int run(ParsedArguments arguments) {
        String shell = arguments.operands().size() == 1 ? arguments.operands().get(0) : "";
        switch (shell) {
            case "bash" -> Words.print(bash());
            case "zsh" -> Words.print("autoload -U +X bashcompinit && bashcompinit\n" + bash());
            case "fish" -> Words.print(fish());
            default -> throw new UsageException("completion needs one of bash, zsh, fish");
        }
        return 0;
    }

    /** Options of the command named first, else of run; files where an option or the module wants one. */
    static String bash() {
        StringBuilder out = new StringBuilder("_wasm_bpf() {\n"
                + "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} cmd=run opts=\n"
                + "    case ${COMP_WORDS[1]} in ").append(String.join("|", Commands.NAMES))
                .append(") cmd=${COMP_WORDS[1]} ;; esac\n    case $cmd:$prev in\n");
        for (String name : Commands.NAMES) {
            for (Option o : Commands.named(name).options()) {
                if (o.takesArgument()) {
                    out.append("    ").append(name).append(":--").append(o.name());
                    if (o.letter() != 0) {
                        out.append('|').append(name).append(":-").append(o.letter());
                    }
                    out.append(") COMPREPLY=(").append(switch (o.completion()) {
                        case NOTHING -> "";
                        case FILE -> "$(compgen -f -- \"$cur\")";
                        case DIRECTORY -> "$(compgen -d -- \"$cur\")";
                    }).append("); return ;;\n");
                }
            }
        }
        out.append("    esac\n    case $cmd in\n");
        for (String name : Commands.NAMES) {
            out.append("    ").append(name).append(") opts=\"");
            for (Option o : Commands.named(name).options()) {
                out.append("--").append(o.name()).append(' ');
            }
            out.append("\" ;;\n");
        }
        return out.append("    esac\n    case $cur in\n    -*) COMPREPLY=($(compgen -W \"$opts\" -- \"$cur\")) ;;\n"
                + "    *) COMPREPLY=($(compgen -f -- \"$cur\"))\n"
                + "       [ $COMP_CWORD = 1 ] && COMPREPLY+=($(compgen -W \"").append(String.join(" ", Commands.NAMES))
                .append("\" -- \"$cur\")) ;;\n    esac\n}\ncomplete -o filenames -F _wasm_bpf wasm-bpf\n").toString();
    }

    static String fish() {
        StringBuilder out = new StringBuilder();
        for (String name : Commands.NAMES) {
            Command command = Commands.named(name);
            out.append("complete -c wasm-bpf -n __fish_use_subcommand -a ").append(name).append(" -d '")
                    .append(command.summary()).append("'\n");
            String when = name.equals(Commands.DEFAULT)
                    ? "'not __fish_seen_subcommand_from " + String.join(" ", Commands.NAMES.subList(1, Commands.NAMES.size())) + "'"
                    : "'__fish_seen_subcommand_from " + name + "'";
            for (Option o : command.options()) {
                out.append("complete -c wasm-bpf -n ").append(when).append(" -l ").append(o.name());
                if (o.letter() != 0) {
                    out.append(" -s ").append(o.letter());
                }
                out.append(switch (o.completion()) {
                    case NOTHING -> o.takesArgument() ? " -x" : "";
                    case FILE -> " -rF";
                    case DIRECTORY -> " -xa '(__fish_complete_directories)'";
                }).append(" -d '").append(o.help().replace("'", "\\'")).append("'\n");
            }
        }
        return out.toString();
    }
}
