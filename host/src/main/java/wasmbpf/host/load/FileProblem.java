package wasmbpf.host.load;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.zip.ZipException;

/**
 * Why a file could not be read or written, in words: {@code FILE: reason; what to do}. What Java's exceptions say is the name
 * of their class, or of the file and nothing else.
 */
public final class FileProblem {
    private FileProblem() {}

    /**
     * @param file the file's name as it was given; in the answer it comes first
     * @param e an {@link IOException}, or one wrapped in an {@link UncheckedIOException}, or an {@link InvalidPathException}
     */
    public static String reading(String file, Exception e) {
        return of(file, e, false);
    }

    /** As {@link #reading}, for a file, or a directory of files, that was to be written. */
    public static String writing(String file, Exception e) {
        return of(file, e, true);
    }

    private static String of(String given, Exception e, boolean writing) {
        if (e instanceof UncheckedIOException unchecked) {
            return of(given, unchecked.getCause(), writing);
        }
        if (given.isEmpty()) {
            return "\"\": an empty name is no file's";
        }
        if (e instanceof InvalidPathException invalid) {
            return given + ": is no name of a file here (" + invalid.getReason() + ")";
        }
        // What stands in the way may be another file than that one: a directory above it, or one in it.
        String file = e instanceof FileSystemException f && f.getFile() != null && !f.getFile().isEmpty() ? f.getFile() : given;
        String where = file.equals(given) ? given : given + ": " + file;
        return where + ": " + reason(Path.of(file), e, writing);
    }

    private static String reason(Path file, Exception e, boolean writing) {
        String said = said(e);
        return switch (e) {
            case FileAlreadyExistsException _ -> "is a file, not a directory; name a directory";
            case NotDirectoryException _ -> "is a file, not a directory; name a directory";
            case DirectoryNotEmptyException _ -> "is a directory that is not empty; name another, or empty it";
            case AccessDeniedException _ -> denied(writing);
            case NoSuchFileException _ -> missing(file, writing);
            case CharacterCodingException _ -> "is no UTF-8 text";
            case ZipException _ -> "is damaged: " + said;
            default -> {
                if (Files.isDirectory(file)) {
                    yield "is a directory; name a file";
                }
                yield switch (said) {
                    case "no such file or directory" -> missing(file, writing);
                    case "permission denied" -> denied(writing);
                    case "not a directory" -> "what stands above it is a file, not a directory";
                    case "no space left on device" -> said + "; free some, or name a file elsewhere";
                    case "" -> writing ? "cannot be written" : "cannot be read";
                    default -> said;
                };
            }
        };
    }

    /** The system's words, in lower case as ours; empty if there are none. */
    private static String said(Exception e) {
        String said = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        if (said != null && e instanceof FileNotFoundException && said.endsWith(")")) {
            // "FILE (Permission denied)"
            said = said.substring(said.lastIndexOf('(') + 1, said.length() - 1);
        }
        if (said == null || said.isEmpty()) {
            return "";
        }
        boolean word = said.length() > 1 && Character.isUpperCase(said.charAt(0)) && !Character.isUpperCase(said.charAt(1));
        return word ? Character.toLowerCase(said.charAt(0)) + said.substring(1) : said;
    }

    private static String denied(boolean writing) {
        return "permission denied; run as a user who may " + (writing ? "write" : "read") + " it, or name another file";
    }

    private static String missing(Path file, boolean writing) {
        Path parent = file.getParent();
        if (!writing) {
            return "there is no such file";
        }
        return parent != null && !Files.isDirectory(parent)
                ? "there is no directory " + parent + "; make it, or name another file"
                : "no file can be made there; name another";
    }
}
