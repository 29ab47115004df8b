package wasmbpf.host.attach;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import wasmbpf.elf.ElfFile;
import wasmbpf.elf.ElfReader;
import wasmbpf.elf.FileSource;
import wasmbpf.elf.FormatException;
import wasmbpf.elf.Section;
import wasmbpf.elf.SectionType;
import wasmbpf.elf.StringTable;
import wasmbpf.elf.Symbol;
import wasmbpf.elf.SymbolBind;
import wasmbpf.elf.SymbolTable;
import wasmbpf.elf.SymbolType;
import wasmbpf.elf.SymbolVersions;
import wasmbpf.host.load.FileProblem;
import wasmbpf.sys.Errno;

/**
 * A program or library whose functions are probed: where it is, and where its functions are in it. libbpf elf.c and
 * {@code resolve_full_path}. {@code ARCHIVE!/MEMBER} is a library stored in a zip archive.
 */
final class Binary implements AutoCloseable {
    private final String path;
    private final String operation;
    private final FileSource source;
    private final ElfFile elf;
    /** Where the ELF file starts in the file that has it: 0 unless that is an archive. */
    private final long start;

    private Binary(String path, String operation, FileSource source, ElfFile elf, long start) {
        this.path = path;
        this.operation = operation;
        this.source = source;
        this.elf = elf;
        this.start = start;
    }

    /** The file that the kernel knows: of a member of an archive, the archive. */
    static String file(String path) {
        int separator = path.indexOf("!/");
        return separator < 0 ? path : path.substring(0, separator);
    }

    /** The file of that name: as it is with a slash, else searched as the dynamic linker or the shell would. */
    static String resolve(String operation, String name) {
        if (name.contains("/")) {
            if (!Files.exists(Path.of(file(name)))) {
                throw new AttachException(operation, Errno.ENOENT, "there is no file " + file(name));
            }
            return name;
        }
        boolean library = name.endsWith(".so") || name.contains(".so.");
        List<String> places = new ArrayList<>();
        if (library) {
            split(System.getenv("LD_LIBRARY_PATH"), places);
            places.addAll(List.of("/usr/lib64", "/usr/lib"));
            String triplet = triplet();
            if (triplet != null) {
                places.add("/lib/" + triplet);
                places.add("/usr/lib/" + triplet);
            }
        } else {
            split(System.getenv("PATH"), places);
            places.addAll(List.of("/usr/bin", "/usr/sbin"));
        }
        for (String place : places) {
            Path file = Path.of(place, name);
            if (Files.isRegularFile(file) && Files.isReadable(file) && (library || Files.isExecutable(file))) {
                return file.toString();
            }
        }
        throw new AttachException(operation, Errno.ENOENT, "there is no " + (library ? "library " : "program ") + name
                + " in " + new LinkedHashSet<>(places));
    }

    private static void split(String list, List<String> into) {
        if (list != null) {
            for (String each : list.split(":")) {
                if (!each.isEmpty()) {
                    into.add(each);
                }
            }
        }
    }

    private static String triplet() {
        return switch (System.getProperty("os.arch", "")) {
            case "amd64" -> "x86_64-linux-gnu";
            case "aarch64" -> "aarch64-linux-gnu";
            case "riscv64" -> "riscv64-linux-gnu";
            case "s390x" -> "s390x-linux-gnu";
            default -> null;
        };
    }

    static Binary open(String operation, String path) {
        FileSource source;
        try {
            source = FileSource.open(Path.of(file(path)));
        } catch (IOException e) {
            throw unreadable(operation, path, e);
        }
        try {
            String archive = file(path);
            if (archive.equals(path)) {
                return new Binary(path, operation, source, ElfReader.readAnyClass(path, source), 0);
            }
            String name = path.substring(archive.length() + "!/".length());
            ZipMember member = ZipMember.find(source, archive, name);
            if (member == null) {
                closeQuietly(source);
                throw new AttachException(operation, Errno.ENOENT, archive + " has no member \"" + name + "\"");
            }
            return new Binary(path, operation, source, ElfReader.readAnyClass(path, member), member.start());
        } catch (UncheckedIOException e) {
            closeQuietly(source);
            throw unreadable(operation, path, e.getCause());
        } catch (FormatException e) {
            closeQuietly(source);
            throw new AttachException(operation, Errno.ENOEXEC, e.getMessage(), e);
        }
    }

    private static AttachException unreadable(String operation, String path, IOException e) {
        int errno = e instanceof AccessDeniedException ? Errno.EACCES : e instanceof NoSuchFileException ? Errno.ENOENT
                : Files.isDirectory(Path.of(file(path))) ? Errno.EISDIR
                : e instanceof FileSystemException f && "Not a directory".equals(f.getReason()) ? Errno.ENOTDIR : Errno.EIO;
        return new AttachException(operation, errno, FileProblem.reading(file(path), e), e);
    }

    private static void closeQuietly(FileSource source) {
        try {
            source.close();
        } catch (IOException e) {
            // Only read from.
        }
    }

    ElfFile elf() {
        return elf;
    }

    String path() {
        return path;
    }

    /**
     * Where a function starts in the file: {@code elf_find_func_offset}. Names may carry a version, {@code name@VER} or
     * {@code name@@VER}. Of several of that name a strong one counts more than weak ones. Of a function chosen at run
     * time (IFUNC) it is the implementation that this machine chooses, which libbpf does not find.
     */
    long functionOffset(String name) {
        int at = name.indexOf('@');
        String plain = at < 0 ? name : name.substring(0, at);
        String version = at < 0 ? null : name.substring(name.startsWith("@@", at) ? at + 2 : at + 1);
        boolean defaultOnly = at >= 0 && name.startsWith("@@", at);
        for (Section table : tables()) {
            Long found = find(table, plain, version, defaultOnly);
            if (found != null) {
                return found;
            }
        }
        boolean ifunc = isIfunc(plain, version);
        if (ifunc) {
            long chosen = ChosenFunction.fileOffset(path, plain);
            if (chosen >= 0) {
                return chosen;
            }
        }
        throw new AttachException(operation, Errno.ENOENT, "function \"" + name + "\" is not in " + path
                + (ifunc ? " as a plain function: it is chosen when a process loads the file (IFUNC), which this one has "
                        + "not; probe its implementation by name or offset"
                        : tables().isEmpty() ? ", which is stripped" : ""));
    }

    /** .dynsym first, as it is loaded with the program; .symtab has local functions too. */
    private List<Section> tables() {
        List<Section> tables = new ArrayList<>();
        elf.section(SectionType.DYNSYM).ifPresent(tables::add);
        elf.section(SectionType.SYMTAB).ifPresent(tables::add);
        return tables;
    }

    private Long find(Section section, String name, String version, boolean defaultOnly) {
        SymbolTable table = elf.symbolTable(section);
        SymbolVersions versions = section.type() == SectionType.DYNSYM && version != null ? elf.symbolVersions() : null;
        byte[] wanted = StringTable.encode(name);
        Symbol best = null;
        for (int i = 1; i < table.count(); i++) {
            if (!table.nameEquals(i, wanted, SymbolType.FUNC)) {
                continue;
            }
            Symbol symbol = table.symbol(i);
            if (symbol.isUndefined()) {
                continue;
            }
            if (version != null && (versions == null || !version.equals(versions.version(i))
                    || defaultOnly && versions.isHidden(i))) {
                continue;
            }
            if (best == null || best.bind() == SymbolBind.WEAK && symbol.bind() != SymbolBind.WEAK) {
                best = symbol;
            } else if (symbol.value() != best.value() && symbol.bind() != SymbolBind.WEAK) {
                throw new AttachException(operation, Errno.EINVAL, "\"" + name + "\" is ambiguous in " + path
                        + ": at 0x" + Long.toHexString(best.value()) + " and 0x" + Long.toHexString(symbol.value()));
            }
        }
        return best == null ? null : fileOffset(best);
    }

    /** Whether it is one that processes get by that name: of its versions, the default one. */
    private boolean isIfunc(String name, String version) {
        byte[] wanted = StringTable.encode(name);
        for (Section section : tables()) {
            SymbolTable table = elf.symbolTable(section);
            SymbolVersions versions = section.type() == SectionType.DYNSYM ? elf.symbolVersions() : null;
            for (int i = 1; i < table.count(); i++) {
                if (table.nameEquals(i, wanted, SymbolType.GNU_IFUNC) && !table.symbol(i).isUndefined()
                        && (versions == null ? version == null : !versions.isHidden(i)
                                && (version == null || version.equals(versions.version(i))))) {
                    return true;
                }
            }
        }
        return false;
    }

    private long fileOffset(Symbol symbol) {
        Section section = elf.section(symbol.sectionIndex());
        return start + symbol.value() - section.address() + section.offset();
    }

    /** Where all functions of a pattern start, each place once: {@code elf_resolve_pattern_offsets}. */
    long[] functionOffsets(String pattern) {
        Set<Long> offsets = new LinkedHashSet<>();
        for (Section section : tables()) {
            SymbolTable table = elf.symbolTable(section);
            for (Symbol symbol : table.symbols()) {
                if (symbol.type() == SymbolType.FUNC && !symbol.isUndefined() && Glob.matches(pattern, symbol.name())) {
                    offsets.add(fileOffset(symbol));
                }
            }
        }
        if (offsets.isEmpty()) {
            throw new AttachException(operation, Errno.ENOENT,
                    "no function of " + path + " matches \"" + pattern + "\"");
        }
        return offsets.stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public void close() {
        closeQuietly(source);
    }
}
