package wasmbpf.host.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathsTest {
    private static final int OUT = WasiFixture.OUT;
    private static final int CREAT = 1;
    private static final int DIRECTORY = 2;
    private static final int EXCL = 4;
    private static final int TRUNC = 8;

    @TempDir
    Path dir;

    private WasiFixture f;

    @BeforeEach
    void open() throws Exception {
        Files.createDirectories(dir.resolve("sub/deep"));
        Files.writeString(dir.resolve("file"), "content");
        Files.createSymbolicLink(dir.resolve("link"), Path.of("sub/../file"));
        Files.createSymbolicLink(dir.resolve("sub/up"), Path.of(".."));
        f = WasiFixture.with(dir);
    }

    @AfterEach
    void close() {
        f.close();
    }

    @Test
    void preopensTellTheirNamesAndEndWithBadf() {
        assertEquals(0, f.call("fd_prestat_get", 3, 0x200));
        assertEquals(0, f.i32(0x200));
        assertEquals(5, f.i32(0x204));
        assertEquals(0, f.call("fd_prestat_dir_name", 3, 0x300, 5));
        assertEquals("/data", f.string(0x300, 5));
        assertEquals(WasiErrno.NAMETOOLONG, f.call("fd_prestat_dir_name", 3, 0x300, 4));
        assertEquals(WasiErrno.BADF, f.call("fd_prestat_get", 4, 0x200));
        int fd = f.create("x");
        assertEquals(WasiErrno.BADF, f.call("fd_prestat_get", fd, 0x200), "opened, not preopened");
    }

    @ParameterizedTest
    @CsvSource({
        "file, 0, 0", "file, 5, 20", "new, 0, 44", "new, 1, 0", "new, 5, 0", "sub, 2, 0", "file, 2, 54",
        "link, 0, 0", "sub/deep/../up/file, 0, 0", "sub/up/sub/up/link, 0, 0", "file/, 0, 54", "sub/, 0, 0",
        "nowhere/x, 1, 44", "file/x, 0, 54", "./././file, 0, 0", "sub//deep///, 2, 0", "., 0, 0",
    })
    void opensWhatIsThere(String path, int oflags, int errno) {
        assertEquals(errno, f.open(path, oflags, Rights.FD_READ | Rights.FD_READDIR, 0));
    }

    @Test
    void truncatesOnlyWhenAsked() throws Exception {
        assertEquals(0, f.open("file", 0, Rights.FILE, 0));
        assertEquals(7, Files.size(dir.resolve("file")));
        assertEquals(0, f.open("file", TRUNC, Rights.FILE, 0));
        assertEquals(0, Files.size(dir.resolve("file")));
    }

    @Test
    void aLinkIsFollowedOnlyWhenAsked() {
        String path = "link";
        assertEquals(WasiErrno.LOOP, f.call("path_open", 3, 0, f.text(path), 4, 0, Rights.FD_READ, 0, 0, OUT));
        assertEquals(0, f.call("path_filestat_get", 3, 0, f.text(path), 4, 0x200));
        assertEquals(FileType.SYMBOLIC_LINK, f.i64(0x210));
        assertEquals(0, f.call("path_filestat_get", 3, 1, f.text(path), 4, 0x200));
        assertEquals(FileType.REGULAR_FILE, f.i64(0x210));
        assertEquals(7, f.i64(0x220));
    }

    @Test
    void anOpenedDirectoryIsARootOfItsOwn() {
        assertEquals(0, f.open("sub", DIRECTORY, Rights.DIRECTORY, 0));
        int sub = f.i32(OUT);
        String path = "deep";
        assertEquals(0, f.call("path_filestat_get", sub, 0, f.text(path), 4, 0x200));
        String up = "../file";
        assertEquals(WasiErrno.PERM, f.call("path_filestat_get", sub, 0, f.text(up), 7, 0x200));
        String link = "up/file";
        assertEquals(WasiErrno.PERM, f.call("path_filestat_get", sub, 0, f.text(link), 7, 0x200));
    }

    @Test
    void directoriesAreMadeAndRemoved() {
        assertEquals(0, f.path("path_create_directory", "made"));
        assertTrue(Files.isDirectory(dir.resolve("made")));
        assertEquals(WasiErrno.EXIST, f.path("path_create_directory", "made"));
        assertEquals(0, f.path("path_create_directory", "made/slash/"));
        assertEquals(55, f.path("path_remove_directory", "made"), "not empty");
        assertEquals(0, f.path("path_remove_directory", "made/slash"));
        assertEquals(0, f.path("path_remove_directory", "made/"));
        assertFalse(Files.exists(dir.resolve("made")));
        assertEquals(WasiErrno.NOTDIR, f.path("path_remove_directory", "file"));
    }

    @Test
    void filesAreUnlinkedAndLinksThemselvesToo() {
        assertEquals(WasiErrno.ISDIR, f.path("path_unlink_file", "sub"));
        assertEquals(WasiErrno.NOTDIR, f.path("path_unlink_file", "file/"));
        assertEquals(0, f.path("path_unlink_file", "link"));
        assertTrue(Files.exists(dir.resolve("file")), "the link went, not its target");
        assertEquals(0, f.path("path_unlink_file", "file"));
        assertEquals(WasiErrno.NOENT, f.path("path_unlink_file", "file"));
    }

    @Test
    void linksAreMadeAndRead() throws Exception {
        assertEquals(0, f.call("path_symlink", f.text("sub/deep"), 8, 3, f.text("new"), 3));
        assertEquals(Path.of("sub/deep"), Files.readSymbolicLink(dir.resolve("new")));
        assertEquals(WasiErrno.PERM, f.call("path_symlink", f.text("/etc"), 4, 3, f.text("etc"), 3));
        assertEquals(0, f.call("path_readlink", 3, f.text("new"), 3, 0x200, 100, OUT));
        assertEquals(8, f.i32(OUT));
        assertEquals("sub/deep", f.string(0x200, 8));
        assertEquals(0, f.call("path_readlink", 3, f.text("new"), 3, 0x300, 3, OUT));
        assertEquals("sub\0", f.string(0x300, 4), "cut to the buffer");
        assertEquals(WasiErrno.INVAL, f.call("path_readlink", 3, f.text("file"), 4, 0x200, 100, OUT));
    }

    @Test
    void hardLinksShareTheFile() throws Exception {
        assertEquals(0, f.call("path_link", 3, 0, f.text("file"), 4, 3, f.text("sub/same"), 8));
        assertEquals("content", Files.readString(dir.resolve("sub/same")));
        assertEquals(0, f.call("path_link", 3, 1, f.text("link"), 4, 3, f.text("via"), 3));
        assertEquals(3, Files.getAttribute(dir.resolve("file"), "unix:nlink"));
        assertEquals(WasiErrno.EXIST, f.call("path_link", 3, 0, f.text("file"), 4, 3, f.text("via"), 3));
    }

    @Test
    void renamesWithinAndAcrossDirectories() throws Exception {
        assertEquals(0, f.call("path_rename", 3, f.text("file"), 4, 3, f.text("sub/moved"), 9));
        assertEquals("content", Files.readString(dir.resolve("sub/moved")));
        assertEquals(WasiErrno.PERM, f.call("path_rename", 3, f.text("sub"), 3, 3, f.text("../out"), 6));
        assertEquals(WasiErrno.NOTDIR, f.call("path_rename", 3, f.text("sub/moved"), 9, 3, f.text("x/"), 2));
        assertEquals(0, f.call("path_rename", 3, f.text("sub/"), 4, 3, f.text("renamed/"), 8));
        assertTrue(Files.isDirectory(dir.resolve("renamed/deep")));
    }

    @Test
    void timesAreSetOnTheLinkOrItsTarget() throws Exception {
        long when = 1_400_000_000_000_000_000L;
        assertEquals(0, f.call("path_filestat_set_times", 3, 1, f.text("link"), 4, when, when, 5));
        assertEquals(when, Files.getLastModifiedTime(dir.resolve("file")).to(TimeUnit.NANOSECONDS));
        assertTrue(Files.getLastModifiedTime(dir.resolve("link"), java.nio.file.LinkOption.NOFOLLOW_LINKS).toMillis()
                > 1_400_000_001_000L);
    }

    @Test
    void readingADirectoryGivesEveryNameWhateverTheBuffer() throws Exception {
        for (int i = 0; i < 300; i++) {
            Files.createFile(dir.resolve("sub/entry-with-a-longer-name-" + i));
        }
        assertEquals(0, f.open("sub", DIRECTORY, Rights.DIRECTORY, 0));
        int sub = f.i32(OUT);
        TreeSet<String> expected = new TreeSet<>(List.of(".", "..", "deep", "up"));
        for (int i = 0; i < 300; i++) {
            expected.add("entry-with-a-longer-name-" + i);
        }
        for (int size : new int[] {64, 100, 4096, 16000}) {
            List<String> names = f.names(sub, size);
            assertEquals(expected, new TreeSet<>(names), "buffer of " + size);
            assertEquals(expected.size(), names.size(), "no name twice, buffer of " + size);
        }
        assertEquals(WasiErrno.NOTDIR, f.call("fd_readdir", f.create("plain"), 0x200, 100, 0, OUT));
    }

    @Test
    void aReadOnlyDirectoryStaysAsItIs() throws Exception {
        try (WasiFixture ro = WasiFixture.with(new Preopen(dir.toString(), "/ro", true))) {
            assertEquals(0, ro.open("file", 0, Rights.FD_READ, 0));
            int fd = ro.i32(OUT);
            assertEquals(WasiErrno.BADF, ro.call("fd_write", fd, ro.iovec(0x5000, 1), 1, OUT));
            int no = WasiErrno.NOTCAPABLE;
            assertEquals(no, ro.open("file", 0, Rights.FD_WRITE, 0));
            assertEquals(no, ro.open("file", 0, Rights.FD_READ | Rights.FD_WRITE, 0));
            assertEquals(no, ro.open("new", CREAT, Rights.FD_READ, 0));
            assertEquals(no, ro.open("new", CREAT | EXCL, Rights.FD_READ, 0));
            assertEquals(no, ro.open("file", TRUNC, Rights.FD_READ, 0));
            assertEquals(no, ro.path("path_create_directory", "made"));
            assertEquals(no, ro.path("path_remove_directory", "sub/deep"));
            assertEquals(no, ro.path("path_unlink_file", "file"));
            assertEquals(no, ro.call("path_symlink", ro.text("file"), 4, 3, ro.text("l"), 1));
            assertEquals(no, ro.call("path_link", 3, 0, ro.text("file"), 4, 3, ro.text("l"), 1));
            assertEquals(no, ro.call("path_rename", 3, ro.text("file"), 4, 3, ro.text("l"), 1));
            assertEquals(no, ro.call("path_filestat_set_times", 3, 0, ro.text("file"), 4, 1, 1, 5));
            assertEquals(no, ro.call("fd_filestat_set_times", 3, 1, 1, 5));
            assertEquals(0, ro.open("sub", DIRECTORY, Rights.DIRECTORY, 0));
            int sub = ro.i32(OUT);
            assertEquals(no, ro.call("path_create_directory", sub, ro.text("x"), 1), "beneath it neither");
            assertEquals(0, ro.names(sub, 4096).indexOf("nothing") + 1);
        }
        assertEquals("content", Files.readString(dir.resolve("file")));
        assertFalse(Files.exists(dir.resolve("made")));
    }

    @Test
    void theTableOfDescriptorsEndsWithMfile() {
        int errno = 0;
        for (int i = 0; errno == 0 && i < 2000; i++) {
            errno = f.open("file", 0, Rights.FD_READ, 0);
        }
        assertEquals(WasiErrno.MFILE, errno);
        assertEquals(0, f.call("fd_close", 10));
        assertEquals(0, f.open("file", 0, Rights.FD_READ, 0));
    }
}
