package wasmbpf.host.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code gen shared}: the header gen/shared.h for wasm32, and clang for wasm32 as the judge of its layouts. */
class GenSharedTest {
    private static final Path OBJECT = Path.of(Runner.guest("gen/shared.bpf.o"));

    @TempDir
    private Path dir;
    private Path header;

    @BeforeEach
    void copyHeader() throws Exception {
        header = Files.copy(Path.of(Runner.guest("gen/shared.h")), dir.resolve("shared.h"));
    }

    private String shared() throws Exception {
        CommandRun run = CommandRun.of("gen", "shared", dir.resolve("out").toString(), OBJECT.toString(), header.toString());
        assertEquals(0, run.status(), run.err());
        assertEquals(header + ": left as in the header, since " + OBJECT + " does not have them: struct user_only;"
                + " WASM_BPF_EVENT (wasm-bpf/event.bpf.h) keeps a type that clang leaves out of an object\n", run.err());
        return new String(Files.readAllBytes(dir.resolve("out/shared.h")), StandardCharsets.ISO_8859_1);
    }

    @Test
    void membersWithALongOrAPointerGetTheKernelsSizes() throws Exception {
        String text = shared();
        assertTrue(text.contains("    int64_t size;\n    uint64_t name;\n    enum operation operation;\n    char comm[16];\n"), text);
        assertTrue(text.contains("typedef struct {\n    uint64_t slots[4];\n    struct point where;\n} histogram_t;\n"), text);
        assertTrue(text.contains("uint64_t flags : 5;\n    uint64_t rest : 27;\n"), text);
    }

    @Test
    void whatElseStandsThereStays() throws Exception {
        String text = shared();
        assertTrue(text.contains("struct point { // no long here: its text stays\n\tint x, y;\n};\n"), text);
        assertTrue(text.contains("struct user_only {\n\tvoid *private_data;\n\tlong long total;\n};\n"), text);
        assertTrue(text.contains("/* struct commented { long size; }; */\n"), text);
        assertTrue(text.contains("#define POINT(x) ((struct point){ x, \\\n"), text);
    }

    @Test
    void bytesOfAnyEncodingStay() throws Exception {
        byte[] comment = {'/', '*', (byte) 0xe9, (byte) 0xc3, (byte) 0xa9, '*', '/', '\n'};
        byte[] text = Files.readAllBytes(header);
        byte[] both = java.util.Arrays.copyOf(comment, comment.length + text.length);
        System.arraycopy(text, 0, both, comment.length, text.length);
        Files.write(header, both);
        shared();
        String bytes = new String(Files.readAllBytes(dir.resolve("out/shared.h")), StandardCharsets.ISO_8859_1);
        assertTrue(bytes.contains(new String(comment, StandardCharsets.ISO_8859_1)), bytes);
    }

    @Test
    void definitionsWithinAChangedOneMoveBeforeIt() throws Exception {
        String text = shared();
        assertTrue(text.indexOf("enum { EARLY = 3, LATE };") < text.indexOf("struct outer {"), text);
        assertTrue(text.indexOf("struct inner {\n    int64_t stamp;") < text.indexOf("struct outer {"), text);
    }

    /** Sizes as 64-bit C has them, and as wasm32 has them without the overlay. */
    @ParameterizedTest
    @CsvSource({"struct event, 48, 32", "histogram_t, 40, 24", "struct outer, 24, 16", "struct inner, 16, 8", "struct point, 8, 8"})
    void sourcesThatStayAsTheyAreSeeTheKernelsLayout(String type, int size, int before) throws Exception {
        shared();
        String source = "#include <sys/types.h>\n#include \"shared.h\"\n_Static_assert(sizeof(" + type + ") == %d, \"\");\n";
        Path user = dir.resolve("user.c");
        Files.writeString(user, source.formatted(size));
        assertEquals("", clang("-ivfsoverlay", dir.resolve("out/overlay.yaml").toString(), user.toString()));
        Files.writeString(user, source.formatted(before));
        assertEquals("", clang(user.toString()), "without the overlay");
    }

    @ParameterizedTest
    @ValueSource(strings = {"c", "c++"})
    void itCompilesWithoutAWarning(String language) throws Exception {
        shared();
        Path user = dir.resolve("user.x");
        Files.writeString(user, "#include <sys/types.h>\n#include \"shared.h\"\n#include \"shared.h\"\n"
                + "long long of(struct outer *o) { return o->in.stamp + LATE + o->flags + NAME_LENGTH; }\n");
        assertEquals("", clang("-ivfsoverlay", dir.resolve("out/overlay.yaml").toString(), "-x", language, user.toString()));
    }

    @Test
    void messagesNameTheLineOfTheHeader() throws Exception {
        Files.writeString(header, Files.readString(header).replace("#endif /*", "int wrong = undefined;\n#endif /*"));
        shared();
        Path user = dir.resolve("user.c");
        Files.writeString(user, "#include <sys/types.h>\n#include \"shared.h\"\n");
        long line = Files.readString(header).substring(0, Files.readString(header).indexOf("int wrong")).lines().count() + 1;
        String said = clang("-ivfsoverlay", dir.resolve("out/overlay.yaml").toString(), user.toString());
        assertTrue(said.contains(header + ":" + line + ":"), said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"struct event {", "struct event { long a", "typedef struct {", "struct", "union { struct event", "#define X \\",
        "/* struct", "\"", "struct event { enum { A", "struct event {};", "struct __attribute__((packed)) event { long a; } x = { 1 };",
        "struct event { struct inner { long a; } ", "}}};;{", "struct event { int (*f)(void); } const *p, q[2];"})
    void anyTextIsTaken(String text) throws Exception {
        Files.writeString(header, text);
        CommandRun run = CommandRun.of("gen", "shared", dir.resolve("out").toString(), OBJECT.toString(), header.toString());
        assertEquals(0, run.status(), run.err());
        assertFalse(Files.readString(dir.resolve("out/shared.h")).isEmpty());
    }

    @Test
    void twoHeadersOfOneNameDoNotCollide() throws Exception {
        Path other = Files.createDirectories(dir.resolve("b")).resolve("shared.h");
        Files.writeString(other, "struct point { int x, y; };\n");
        CommandRun run = CommandRun.of("gen", "shared", dir.resolve("out").toString(), OBJECT.toString(), header.toString(), other.toString());
        assertEquals(0, run.status(), run.err());
        Path user = dir.resolve("user.c");
        Files.writeString(user, "#include <sys/types.h>\n#include \"b/shared.h\"\nlong of(struct point *p) { return p->x; }\n");
        assertEquals("", clang("-ivfsoverlay", dir.resolve("out/overlay.yaml").toString(), user.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared.h", "overlay.yaml"})
    void whatItReadsIsNotReplaced(String name) throws Exception {
        Path own = dir.resolve(name);
        Files.writeString(own, Files.readString(header));
        String before = Files.readString(own);
        CommandRun run = CommandRun.of("gen", "shared", dir.toString(), OBJECT.toString(), own.toString());
        assertEquals(before, Files.readString(own));
        assertEquals(2, run.status(), run.err());
        assertTrue(run.err().contains(own + " would replace " + own + ": name another folder"), run.err());
    }

    @Test
    void anObjectIsNotReplacedThroughALink() throws Exception {
        Path object = Files.copy(OBJECT, dir.resolve("a.bpf.o"));
        Path out = Files.createDirectories(dir.resolve("out"));
        Files.createSymbolicLink(out.resolve("shared.h"), object);
        CommandRun run = CommandRun.of("gen", "shared", out.toString(), object.toString(), header.toString());
        assertEquals(2, run.status(), run.err());
        assertEquals(-1, Files.mismatch(OBJECT, object));
    }

    @ParameterizedTest
    @ValueSource(strings = {"struct event {", "struct unknown {", "{"})
    void bracesWithinBracesAreBounded(String text) throws Exception {
        Files.writeString(header, text.repeat(20000));
        CommandRun run = CommandRun.of("gen", "shared", dir.resolve("out").toString(), OBJECT.toString(), header.toString());
        assertEquals(1, run.status(), run.err());
        assertTrue(run.err().contains(header + ":1: braces are nested deeper than 256 levels"), run.err());
    }

    /** Each took half a minute when a bracket's other end was looked for anew. */
    @ParameterizedTest
    @ValueSource(strings = {"struct __attribute__(( ", "struct A( ", "struct unknown {} ", "struct event "})
    void whatIsNotClosedTakesNoTime(String text) throws Exception {
        Files.writeString(header, text.repeat(40000));
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> CommandRun.of("gen", "shared", dir.resolve("out").toString(),
                OBJECT.toString(), header.toString()));
    }

    /** Made of a header that defines {@code struct a}, a typedef {@code b_t} and {@code struct c} in whatever way. */
    private CommandRun sharedOf(String text) throws Exception {
        Path source = dir.resolve("own.bpf.c");
        Path object = dir.resolve("own.bpf.o");
        Files.writeString(source, "#define P __attribute__((packed))\nstruct P a { char first; long x; int in_a; } a;\n"
                + "typedef struct P { char first; long x; int in_b; } b_t;\nb_t b;\nstruct c { char first; int y; } c;\n");
        assertEquals("", tool(List.of("clang-19", "--target=bpf", "-g", "-O2", "-c", source.toString(), "-o", object.toString())));
        Files.writeString(header, text);
        CommandRun run = CommandRun.of("gen", "shared", dir.resolve("out").toString(), object.toString(), header.toString());
        assertEquals(0, run.status(), run.err());
        return run;
    }

    private String compiled(String user) throws Exception {
        Path source = dir.resolve("user.c");
        Files.writeString(source, "#include <sys/types.h>\n#include \"shared.h\"\n" + user);
        return clang("-ivfsoverlay", dir.resolve("out/overlay.yaml").toString(), source.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "#define P __attribute__((packed))\nstruct P a { char first; long x; int in_a; };\n"
            + "typedef struct P { char first; long x; int in_b; } b_t;",
        "#define P __attribute__((unused))\n#define A(n)\nstruct P A(8) a { char first; long x; int in_a; };\n"
            + "typedef struct { char first; long x; int in_b; } A(8) P b_t;",
        "#define P\nstruct a { char first; long x; int in_a; } P;\ntypedef struct A_TAG { char first; long x; int in_b; } b_t P;"})
    void macrosMayStandAboutANameOfADefinition(String text) throws Exception {
        assertEquals("", sharedOf(text + "\n").err());
        assertEquals("", compiled("_Static_assert(sizeof(struct a) == 13 && sizeof(b_t) == 13, \"\");\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "#define EVENT(n) struct n { long x; int w; }~EVENT(a); | struct a",
        "extern \"C\" {~#define EVENT(n) struct n { long x; int w; };~EVENT(c)~EVENT(a)~} | struct a",
        "#define STRUCT struct~STRUCT a { long x; };~typedef STRUCT { long x; } b_t; | struct a, b_t",
        "#define EVENT struct a { long x; }~EVENT; | struct a",
        "#if 1~struct a { long x; };~#else~struct a { int x; };~#endif | ''",
        "struct a {~#if 1~long x; };~#else~int x; };~#endif | struct a",
        "#if 1~struct a {~#else~struct c {~#endif~long x; }; | struct a",
        "struct a;~int of(struct a *a, b_t *b, int c);~static struct a f(void) { struct a *a; }~b_t *b(b_t *x); | ''"})
    void definitionsThatStayAreNamed(String text, String left) throws Exception {
        String err = sharedOf(text.replace('~', '\n') + "\n").err();
        assertEquals(left.isEmpty() ? "" : header + ": left as in the header, where they have another layout on wasm32: " + left
                + "; define them without a macro, and without an #if about a brace\n", err);
    }

    @ParameterizedTest
    @ValueSource(strings = {"struct a {\n#if 1\nlong x; };\n#else\nint x; };\n#endif\n",
        "#if 1\nstruct a {\n#else\nstruct c {\n#endif\nint x; };\n"})
    void aConditionalAcrossABraceStaysWhole(String text) throws Exception {
        sharedOf(text);
        assertEquals("", compiled("struct a a;\n"));
    }

    @Test
    void thePreprocessorsLinesInADefinitionStay() throws Exception {
        String text = "struct a {\n\tchar first;\n#define FIRST 1 /* of\n two */\n#\tdefine x\tx\n\tlong x;\n"
                + "#if FIRST == 1\n#define SECOND \\\n\t2\n"
                + "#else\n#define SECOND 3\n#endif\n#include \"none.h\"\n\tint in_a;\n};\n";
        assertEquals("", sharedOf(text).err());
        assertEquals("", compiled("_Static_assert(FIRST == 1 && SECOND == 2 && sizeof(struct a) == 13, \"\");\n"
                + "#ifndef x\n#error x\n#endif\n"));
    }

    private static String clang(String... arguments) throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(Path.of("/usr/include/wasm32-wasi")), "wasi-libc is not installed");
        List<String> command = new ArrayList<>(List.of("clang-19", "--target=wasm32-wasi", "--sysroot=/usr", "-Wall", "-Wextra", "-fsyntax-only"));
        command.addAll(List.of(arguments));
        return tool(command);
    }

    private static String tool(List<String> command) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (java.io.IOException e) {
            Assumptions.abort("clang-19 is not installed (examples/install-tools): headers are not compiled here");
            return "";
        }
        String said = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return said;
    }
}
