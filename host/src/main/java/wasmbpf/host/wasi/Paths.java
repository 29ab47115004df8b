package wasmbpf.host.wasi;



/** The {@code path_*} functions: each resolves its path by {@link PathWalk} and makes one system call on the last name. */
final class Paths {
    private static final int FOLLOW = 1;
    private static final int O_CREAT = 1;
    private static final int O_DIRECTORY = 2;
    private static final int O_EXCL = 4;
    private static final int O_TRUNC = 8;

    private final FdTable fds;
    private final FileCalls files;
    private final Scratch scratch;
    private final Snapshot snapshot;

    Paths(FdTable fds, FileCalls files, Scratch scratch, Snapshot snapshot) {
        this.fds = fds;
        this.files = files;
        this.scratch = scratch;
        this.snapshot = snapshot;
    }

    int call(WasiFunction function, GuestMemory m, long[] a) {
        switch (function) {
            case PATH_OPEN -> open(m, a);
            case PATH_FILESTAT_GET -> filestat(m, a);
            case PATH_FILESTAT_SET_TIMES -> setTimes(m, a);
            case PATH_CREATE_DIRECTORY -> {
                try (PathWalk w = walk(m, (int) a[0], Rights.PATH_CREATE_DIRECTORY, (int) a[1], (int) a[2], false)) {
                    WasiException.check(files.mkdirat(w.parentFd(), w.name(), 0777));
                }
            }
            case PATH_REMOVE_DIRECTORY -> {
                try (PathWalk w = walk(m, (int) a[0], Rights.PATH_REMOVE_DIRECTORY, (int) a[1], (int) a[2], false)) {
                    WasiException.check(files.unlinkat(w.parentFd(), w.name(), FileCalls.AT_REMOVEDIR));
                }
            }
            case PATH_UNLINK_FILE -> {
                try (PathWalk w = walk(m, (int) a[0], Rights.PATH_UNLINK_FILE, (int) a[1], (int) a[2], false)) {
                    checkDirectory(w);
                    WasiException.check(files.unlinkat(w.parentFd(), w.name(), 0));
                }
            }
            case PATH_READLINK -> readlink(m, a);
            case PATH_SYMLINK -> symlink(m, a);
            case PATH_LINK -> link(m, a);
            case PATH_RENAME -> rename(m, a);
            default -> throw new IllegalStateException(function.wasmName);
        }
        return WasiErrno.SUCCESS;
    }

    private PathWalk walk(GuestMemory memory, int fd, long right, int path, int length, boolean follow) {
        return walk(Scratch.PATH_A, memory, fd, right, path, length, follow);
    }

    private PathWalk walk(int slot, GuestMemory memory, int fd, long right, int path, int length, boolean follow) {
        Descriptor d = fds.require(fd);
        if (d.fileType() != FileType.DIRECTORY) {
            throw new WasiException(WasiErrno.NOTDIR);
        }
        if (!d.has(right)) {
            throw new WasiException(WasiErrno.NOTCAPABLE);
        }
        byte[] text = path(memory, path, length);
        return d.isRoot() ? PathWalk.beneathRoot(files, scratch, slot, d.hostFd(), text, follow)
                : PathWalk.resolve(files, scratch, slot, d.hostFd(), text, follow);
    }

    /** For calls that look at the last name: links in it were followed by the walk, or are to be by the kernel. */
    private static int linkFlag(PathWalk w) {
        return w.followsLast() ? 0 : FileCalls.AT_SYMLINK_NOFOLLOW;
    }

    private static byte[] path(GuestMemory memory, int path, int length) {
        memory.offset(path, Integer.toUnsignedLong(length));
        if (Integer.compareUnsigned(length, Scratch.PATH_MAX) > 0) {
            throw new WasiException(WasiErrno.NAMETOOLONG);
        }
        return memory.bytes(path, length);
    }

    /** A name with a slash behind it must be a directory; the slash itself is not passed on, since it would follow links. */
    private void checkDirectory(PathWalk w) {
        if (w.mustBeDirectory()
                && FileStat.type(files, scratch, w.parentFd(), w.name(), FileCalls.AT_SYMLINK_NOFOLLOW) != FileType.DIRECTORY) {
            throw new WasiException(WasiErrno.NOTDIR);
        }
    }

    /** Opens without following the last name (the walk did), so a link put there meanwhile gives LOOP, not an escape. */
    private void open(GuestMemory memory, long[] a) {
        int oflags = (int) a[4];
        int fdflags = (int) a[7];
        int opened = (int) a[8];
        memory.offset(opened, 4);
        Descriptor base = fds.require((int) a[0]);
        long rights = a[5] & base.inheriting();
        boolean write = (a[5] & Rights.FD_WRITE) != 0;
        boolean read = (a[5] & (Rights.FD_READ | Rights.FD_READDIR)) != 0 || !write;
        long needed = Rights.PATH_OPEN
                | ((oflags & O_CREAT) != 0 ? Rights.PATH_CREATE_FILE : 0)
                | ((oflags & O_TRUNC) != 0 ? Rights.PATH_FILESTAT_SET_SIZE : 0);
        if (write && (rights & Rights.FD_WRITE) == 0) {
            throw new WasiException(WasiErrno.NOTCAPABLE);
        }
        boolean follow = ((int) a[1] & FOLLOW) != 0 && (oflags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL);
        try (PathWalk w = walk(memory, (int) a[0], needed, (int) a[2], (int) a[3], follow)) {
            int flags = FileCalls.O_CLOEXEC | FileCalls.O_NOCTTY | (w.followsLast() ? 0 : FileCalls.O_NOFOLLOW)
                    | (write && read ? FileCalls.O_RDWR : write ? FileCalls.O_WRONLY : FileCalls.O_RDONLY)
                    | ((oflags & O_CREAT) != 0 ? FileCalls.O_CREAT : 0)
                    | ((oflags & O_EXCL) != 0 ? FileCalls.O_EXCL : 0)
                    | ((oflags & O_TRUNC) != 0 ? FileCalls.O_TRUNC : 0)
                    | ((oflags & O_DIRECTORY) != 0 || w.mustBeDirectory() ? FileCalls.O_DIRECTORY : 0)
                    | FdState.openFlags(fdflags);
            int hostFd = (int) WasiException.check(files.openat(w.parentFd(), w.name(), flags, 0666));
            int guestFd = -1;
            try {
                Descriptor d = describe(hostFd, rights, a[6] & base.inheriting());
                d.flags(fdflags);
                guestFd = fds.add(d);
                if (guestFd < 0) {
                    throw new WasiException(WasiErrno.MFILE);
                }
            } finally {
                if (guestFd < 0) {
                    files.close(hostFd);
                }
            }
            memory.i32(opened, guestFd);
        }
    }

    private Descriptor describe(int hostFd, long rights, long inheriting) {
        int type = FileStat.type(files, scratch, hostFd, FileStat.emptyPath(scratch), FileCalls.AT_EMPTY_PATH);
        if (type == FileType.DIRECTORY) {
            return new Descriptor(hostFd, true, type, rights & Rights.DIRECTORY, inheriting, null);
        }
        return new Descriptor(hostFd, true, type, rights & Rights.FILE, 0, null);
    }

    private void filestat(GuestMemory memory, long[] a) {
        boolean follow = ((int) a[1] & FOLLOW) != 0;
        memory.offset((int) a[4], snapshot.filestatBytes);
        try (PathWalk w = walk(memory, (int) a[0], Rights.PATH_FILESTAT_GET, (int) a[2], (int) a[3], follow)) {
            checkDirectory(w);
            FileStat.store(files, scratch, w.parentFd(), w.name(), linkFlag(w), memory, (int) a[4], snapshot);
        }
    }

    private void setTimes(GuestMemory memory, long[] a) {
        boolean follow = ((int) a[1] & FOLLOW) != 0;
        try (PathWalk w = walk(memory, (int) a[0], Rights.PATH_FILESTAT_SET_TIMES, (int) a[2], (int) a[3], follow)) {
            checkDirectory(w);
            long times = FileStat.times(scratch, a[4], a[5], (int) a[6]);
            WasiException.check(files.utimensat(w.parentFd(), w.name(), times, linkFlag(w)));
        }
    }

    private void readlink(GuestMemory memory, long[] a) {
        int size = (int) a[4];
        memory.offset((int) a[3], Integer.toUnsignedLong(size));
        memory.offset((int) a[5], 4);
        try (PathWalk w = walk(memory, (int) a[0], Rights.PATH_READLINK, (int) a[1], (int) a[2], false)) {
            long buffer = scratch.address(Scratch.DIRENTS);
            int n = (int) WasiException.check(files.readlinkat(w.parentFd(), w.name(), buffer, Scratch.PATH_MAX));
            int fits = Integer.compareUnsigned(n, size) < 0 ? n : size;
            memory.bytes((int) a[3], scratch.bytes(Scratch.DIRENTS, fits), fits);
            memory.i32((int) a[5], fits);
        }
    }

    /** A link to an absolute path could not be followed by the guest, only by the host's programs: refused. */
    private void symlink(GuestMemory memory, long[] a) {
        byte[] target = path(memory, (int) a[0], (int) a[1]);
        if (target.length > 0 && target[0] == '/') {
            throw new WasiException(WasiErrno.PERM);
        }
        try (PathWalk w = walk(memory, (int) a[2], Rights.PATH_SYMLINK, (int) a[3], (int) a[4], false)) {
            long text = scratch.cString(Scratch.PATH_B, target, 0, target.length);
            WasiException.check(files.symlinkat(text, w.parentFd(), w.name()));
        }
    }

    private void link(GuestMemory memory, long[] a) {
        boolean follow = ((int) a[1] & FOLLOW) != 0;
        try (PathWalk from = walk(memory, (int) a[0], Rights.PATH_LINK_SOURCE, (int) a[2], (int) a[3], follow);
                PathWalk to = walk(Scratch.PATH_B, memory, (int) a[4], Rights.PATH_LINK_TARGET, (int) a[5], (int) a[6], false)) {
            if (to.mustBeDirectory()) {
                throw new WasiException(WasiErrno.NOENT);
            }
            checkDirectory(from);
            WasiException.check(files.linkat(from.parentFd(), from.name(), to.parentFd(), to.name(),
                    from.followsLast() ? FileCalls.AT_SYMLINK_FOLLOW : 0));
        }
    }

    private void rename(GuestMemory memory, long[] a) {
        try (PathWalk from = walk(memory, (int) a[0], Rights.PATH_RENAME_SOURCE, (int) a[1], (int) a[2], false);
                PathWalk to = walk(Scratch.PATH_B, memory, (int) a[3], Rights.PATH_RENAME_TARGET, (int) a[4], (int) a[5], false)) {
            checkDirectory(from);
            if (to.mustBeDirectory()
                    && FileStat.type(files, scratch, from.parentFd(), from.name(), FileCalls.AT_SYMLINK_NOFOLLOW)
                            != FileType.DIRECTORY) {
                throw new WasiException(WasiErrno.NOTDIR);
            }
            WasiException.check(files.renameat(from.parentFd(), from.name(), to.parentFd(), to.name()));
        }
    }
}
