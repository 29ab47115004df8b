package wasmbpf.host.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

class FileProblemTest {
    @Test
    void everyKindHasItsWords() {
        assertEquals("/x: there is no such file", FileProblem.reading("/x", new NoSuchFileException("/x")));
        assertEquals("/no/x: there is no directory /no; make it, or name another file",
                FileProblem.writing("/no/x", new FileNotFoundException("/no/x (No such file or directory)")));
        assertEquals("/x: permission denied; run as a user who may read it, or name another file",
                FileProblem.reading("/x", new AccessDeniedException("/x")));
        assertEquals("/x: permission denied; run as a user who may write it, or name another file",
                FileProblem.writing("/x", new FileNotFoundException("/x (Permission denied)")));
        assertEquals("/tmp: is a directory; name a file", FileProblem.reading("/tmp", new IOException("Is a directory")));
        assertEquals("/x: is a file, not a directory; name a directory",
                FileProblem.writing("/x", new NotDirectoryException("/x")));
        assertEquals("/x: is a directory that is not empty; name another, or empty it",
                FileProblem.writing("/x", new DirectoryNotEmptyException("/x")));
        assertEquals("/x: is no UTF-8 text", FileProblem.reading("/x", new UncheckedIOException(new MalformedInputException(1))));
        assertEquals("/x: is damaged: not in GZIP format", FileProblem.reading("/x", new ZipException("Not in GZIP format")));
        assertEquals("/x: no space left on device; free some, or name a file elsewhere",
                FileProblem.writing("/x", new IOException("No space left on device")));
        assertEquals("/x: too many levels of symbolic links",
                FileProblem.reading("/x", new FileSystemException("/x", null, "Too many levels of symbolic links")));
        assertEquals("/x: cannot be written", FileProblem.writing("/x", new IOException((String) null)));
        assertEquals("x: is no name of a file here (unmappable)",
                FileProblem.reading("x", new InvalidPathException("x", "unmappable")));
        assertEquals("\"\": an empty name is no file's", FileProblem.reading("", new IOException("Is a directory")));
    }

    @Test
    void anotherFileThanTheOneGivenIsNamed() {
        assertEquals("/x: /x/y: permission denied; run as a user who may write it, or name another file",
                FileProblem.writing("/x", new AccessDeniedException("/x/y")));
    }
}
