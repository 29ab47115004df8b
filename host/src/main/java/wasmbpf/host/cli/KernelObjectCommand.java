package wasmbpf.host.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import wasmbpf.host.inspect.Json;
import wasmbpf.host.inspect.KernelListing;
import wasmbpf.host.inspect.KernelMap;
import wasmbpf.host.inspect.KernelObjects;
import wasmbpf.host.inspect.KernelObjects.Kind;
import wasmbpf.host.inspect.KernelProgram;
import wasmbpf.sys.Fd;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.sys.SysException;

/** {@code prog}, {@code map} and {@code link}: objects in the kernel, in bpftool's grammar and look. */
abstract class KernelObjectCommand extends Command {
    static final Option BPFFS = Option.flag("bpffs", 'f', "show where objects are pinned");
    static final Option NO_MOUNT = Option.flag("nomount", 'n', "accepted, as by bpftool: nothing is ever mounted");
    static final Option OUTPUT = Option.value("output", 'o', "text|json|jsonl", Option.Completion.NOTHING,
            "json: one document; jsonl: one line an object");

    private static final List<Option> TABLE = List.of(BpftoolOptions.JSON_OUTPUT, BpftoolOptions.PRETTY, OUTPUT, BPFFS,
            NO_MOUNT, BpftoolOptions.DEBUG);

    /** How answers are printed. */
    enum Format { TEXT, JSON, PRETTY, LINES }

    private final Kind kind;
    private KernelObjects objects;
    private Format format;
    private boolean pins;

    KernelObjectCommand(Kind kind, String name, String operands, String summary) {
        super(name, operands, summary);
        this.kind = kind;
    }

    @Override
    final List<Option> options() {
        return TABLE;
    }

    final KernelObjects objects() {
        if (objects == null) {
            objects = new KernelObjects(LinuxKernel.open());
        }
        return objects;
    }

    final Format format() {
        return format;
    }

    @Override
    final int run(ParsedArguments arguments) {
        format = format(arguments);
        pins = arguments.has(BPFFS);
        Words words = new Words(arguments.operands(), name(), operands());
        try {
            String word = words.more() ? words.keyword(words()) : "show";
            if (word.equals("help")) {
                Words.print(HelpCommand.of(this));
            } else {
                run(word, words);
            }
            return 0;
        } catch (SysException e) {
            throw new FatalException(1, e.getMessage(), e);
        }
    }

    static Format format(ParsedArguments arguments) {
        if (arguments.has(BpftoolOptions.PRETTY)) {
            return Format.PRETTY;
        }
        String output = arguments.value(OUTPUT);
        return switch (output == null ? arguments.has(BpftoolOptions.JSON_OUTPUT) ? "json" : "text" : output) {
            case "text", "table" -> Format.TEXT;
            case "json" -> Format.JSON;
            case "jsonl" -> Format.LINES;
            default -> throw new UsageException("--output is text, json or jsonl, not " + output);
        };
    }

    /** Keywords that may follow the command, {@code help} among them. */
    abstract String[] words();

    /** Does what the keyword says. */
    abstract void run(String word, Words words);

    /** A JSON document, in the form that was asked for. */
    final void document(Object value) {
        Words.print((format == Format.PRETTY ? Json.pretty(value) : Json.compact(value)) + "\n");
    }

    /** {@code show [OBJECT]}: all, or those the words name. */
    final void show(Words words) {
        boolean all = !words.more();
        String selector = all ? "" : words.keyword(selectors());
        String named = all ? "" : words.next(selector.equals("pinned") ? "a path" : "its " + selector);
        words.end();
        KernelListing listing = new KernelListing(objects(), kind, pins);
        List<Object> rows = new ArrayList<>();
        int shown = 0;
        if (all || selector.equals("name") || selector.equals("tag")) {
            for (int id : objects().ids(kind)) {
                try (Fd fd = objects().open(kind, id)) {
                    if (fd != null && (all || is(fd, selector, named))) {
                        one(listing, fd, rows);
                        shown++;
                    }
                }
            }
            if (!all && shown == 0) {
                throw none(selector, named);
            }
        } else {
            try (Fd fd = open(selector, named)) {
                one(listing, fd, rows);
                shown++;
            }
        }
        if (format == Format.JSON || format == Format.PRETTY) {
            document(shown == 1 && !all ? rows.getFirst() : rows);
        }
    }

    private void one(KernelListing listing, Fd fd, List<Object> rows) {
        switch (format) {
            case TEXT -> Words.print(listing.text(fd));
            case LINES -> document(listing.row(fd));
            case JSON, PRETTY -> rows.add(listing.row(fd));
        }
    }

    private FatalException none(String selector, String named) {
        return new FatalException(1, "no " + kind.word() + " with " + selector + " " + named, null);
    }

    private String[] selectors() {
        return switch (kind) {
            case PROGRAM -> new String[] {"id", "tag", "pinned", "name"};
            case MAP -> new String[] {"id", "pinned", "name"};
            case LINK -> new String[] {"id", "pinned"};
        };
    }

    private boolean is(Fd fd, String selector, String named) {
        if (kind == Kind.MAP) {
            String name = KernelMap.of(objects(), fd).name();
            return !name.isEmpty() && name.equals(named.substring(0, Math.min(15, named.length())));
        }
        KernelProgram program = KernelProgram.of(objects(), fd);
        return selector.equals("tag") ? program.tag().equals(named) : !program.name().isEmpty() && program.name().equals(named);
    }

    /** The one object that {@code id N}, {@code pinned PATH}, {@code name NAME} or {@code tag TAG} means, to be closed. */
    final Fd one(Words words) {
        String selector = words.keyword(selectors());
        return open(selector, words.next(selector.equals("pinned") ? "a path" : "its " + selector));
    }

    private Fd open(String selector, String named) {
        switch (selector) {
            case "pinned" -> {
                if (!Files.exists(Path.of(named))) {
                    throw new FatalException(ExitStatus.NOT_FOUND, named + ": there is no such file", null);
                }
                return objects().openPinned(kind, named);
            }
            case "id" -> {
                Fd fd;
                try {
                    fd = objects().open(kind, Integer.parseUnsignedInt(named));
                } catch (NumberFormatException e) {
                    throw new UsageException(name() + ": " + named + " is no id");
                }
                if (fd == null) {
                    throw none(selector, named);
                }
                return fd;
            }
            default -> {
                Fd found = null;
                for (int id : objects().ids(kind)) {
                    Fd fd = objects().open(kind, id);
                    if (fd != null && is(fd, selector, named) && found == null) {
                        found = fd;
                    } else if (fd != null) {
                        boolean second = is(fd, selector, named);
                        fd.close();
                        if (second) {
                            found.close();
                            throw new FatalException(1, "several " + kind.word() + "s match " + selector + " " + named
                                    + "; name one by its id", null);
                        }
                    }
                }
                if (found == null) {
                    throw none(selector, named);
                }
                return found;
            }
        }
    }

    /** {@code pin OBJECT PATH}. */
    final void pin(Words words) {
        try (Fd fd = one(words)) {
            String path = words.next("a path");
            words.end();
            objects().pin(fd, path);
        }
        done();
    }

    /** What bpftool's JSON form says of an operation that has nothing to tell. */
    final void done() {
        if (format != Format.TEXT) {
            document(null);
        }
    }
}
