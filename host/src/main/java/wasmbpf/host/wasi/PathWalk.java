package wasmbpf.host.wasi;

import java.util.Arrays;


/**
 * Finds the place a guest's path names beneath one of its directories without ever leaving that directory: every
 * component is opened by itself, relative to the one before and without following links; a link's text is walked the same
 * way; {@code ..} returns to the descriptor that was held, and one more than that is an escape. So neither a
 * link nor a rename by another process in the middle of a walk leads outside. (openat2's RESOLVE_BENEATH does the same in
 * the kernel, from 5.6 on and where no container's seccomp filter refuses it: hence one way for all.)
 *
 * <p>Beneath the host's root directory there is no outside, and the kernel walks: so links to absolute paths are followed
 * there, and those of /proc that are no paths ({@code /proc/self/ns/pid}).
 *
 * <p>The result is a parent descriptor and a last name that is not followed further; close the walk after use.
 */
final class PathWalk implements AutoCloseable {
    /** Links followed in one path, Linux's own MAXSYMLINKS. */
    private static final int MAX_LINKS = 40;

    private final FileCalls files;
    private final Scratch scratch;
    private final int slot;
    private int[] parents = new int[8];
    private int depth;
    private int links;
    private boolean mustBeDirectory;
    private boolean followed;

    /** @param slot {@link Scratch#PATH_A} or {@link Scratch#PATH_B}, where the last name is left */
    private PathWalk(FileCalls files, Scratch scratch, int slot, int baseFd) {
        this.files = files;
        this.scratch = scratch;
        this.slot = slot;
        parents[0] = baseFd;
    }

    /**
     * @param baseFd the directory to stay in
     * @param followLast whether a link as the last component is followed
     * @throws WasiException PERM for a path that leads outside, or the kernel's error
     */
    static PathWalk resolve(FileCalls files, Scratch scratch, int slot, int baseFd, byte[] path, boolean followLast) {
        PathWalk walk = new PathWalk(files, scratch, slot, baseFd);
        try {
            walk.walk(path, followLast);
            return walk;
        } catch (Throwable t) {
            walk.close();
            throw t;
        }
    }

    /** As {@link #resolve}, beneath the host's root directory: the name is the whole path, for the kernel to follow. */
    static PathWalk beneathRoot(FileCalls files, Scratch scratch, int slot, int rootFd, byte[] path, boolean followLast) {
        checkRelative(path);
        PathWalk walk = new PathWalk(files, scratch, slot, rootFd);
        scratch.cString(slot, path, 0, path.length);
        walk.followed = followLast;
        return walk;
    }

    /** Whether the last name is to be followed by whoever uses it; else it is a link only where it may be one. */
    boolean followsLast() {
        return followed;
    }

    /** The directory that holds the last name. Closed with the walk. */
    int parentFd() {
        return parents[depth];
    }

    /** Address of the last name as a C string; valid until the slot is used again. */
    long name() {
        return scratch.address(slot);
    }

    /** The path ended in a slash: only a directory will do. */
    boolean mustBeDirectory() {
        return mustBeDirectory;
    }

    private void walk(byte[] path, boolean followLast) {
        byte[] rest = path;
        checkRelative(rest);
        int at = 0;
        while (true) {
            int end = at;
            while (end < rest.length && rest[end] != '/') {
                end++;
            }
            int next = end;
            while (next < rest.length && rest[next] == '/') {
                next++;
            }
            boolean last = next == rest.length;
            boolean slash = end < next;
            if (isDots(rest, at, end)) {
                if (end - at == 2) {
                    leave();
                }
                if (last) {
                    scratch.cString(slot, DOT, 0, 1);
                    return;
                }
            } else {
                scratch.cString(slot, rest, at, end);
                byte[] target = null;
                if (!last) {
                    target = enter();
                } else if (followLast || slash) {
                    target = link();
                }
                if (target != null) {
                    rest = expand(target, rest, end);
                    next = 0;
                } else if (last) {
                    mustBeDirectory = slash;
                    return;
                }
            }
            at = next;
        }
    }

    private static final byte[] DOT = {'.'};

    private static boolean isDots(byte[] text, int from, int to) {
        return to - from == 1 && text[from] == '.' || to - from == 2 && text[from] == '.' && text[from + 1] == '.';
    }

    /** Steps into the directory in the slot; returns a link's text instead when it is a link. */
    private byte[] enter() {
        int flags = FileCalls.O_PATH | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW | FileCalls.O_CLOEXEC;
        long fd = files.openat(parents[depth], name(), flags, 0);
        if (fd < 0) {
            byte[] target = link();
            if (target == null) {
                WasiException.check(fd);
            }
            return target;
        }
        if (depth + 1 == parents.length) {
            parents = Arrays.copyOf(parents, parents.length * 2);
        }
        parents[++depth] = (int) fd;
        return null;
    }

    private void leave() {
        if (depth == 0) {
            throw new WasiException(WasiErrno.PERM);
        }
        files.close(parents[depth--]);
    }

    /** The text of the link in the slot, or null when there is none of that name. */
    private byte[] link() {
        long n = files.readlinkat(parents[depth], name(), scratch.address(Scratch.DIRENTS), Scratch.PATH_MAX);
        return n < 0 ? null : scratch.bytes(Scratch.DIRENTS, (int) n);
    }

    /** The link's text in place of the component that ended at {@code end}. */
    private byte[] expand(byte[] target, byte[] rest, int end) {
        if (++links > MAX_LINKS) {
            throw new WasiException(WasiErrno.LOOP);
        }
        checkRelative(target);
        byte[] joined = Arrays.copyOf(target, target.length + rest.length - end);
        System.arraycopy(rest, end, joined, target.length, rest.length - end);
        return joined;
    }

    private static void checkRelative(byte[] path) {
        if (path.length == 0) {
            throw new WasiException(WasiErrno.NOENT);
        }
        if (path.length > 16 * Scratch.PATH_MAX) {
            throw new WasiException(WasiErrno.NAMETOOLONG);
        }
        if (path[0] == '/') {
            throw new WasiException(WasiErrno.PERM);
        }
        for (byte b : path) {
            if (b == 0) {
                throw new WasiException(WasiErrno.INVAL);
            }
        }
    }

    @Override
    public void close() {
        while (depth > 0) {
            files.close(parents[depth--]);
        }
    }
}
