package wasmbpf.host.wasi;

import java.util.List;
import wasmbpf.wasm.FuncType;
import wasmbpf.wasm.ValType;

/**
 * Every function of {@code wasi_snapshot_preview1} (wasi_snapshot_preview1.witx): the one statement of its name, its
 * parameters and its family. Parameters are written {@code name} for i32 and {@code name:l} for i64; pairs such as
 * (pointer, length) are written out, as in the core ABI.
 */
enum WasiFunction {
    ARGS_GET(Family.ARGUMENTS, "args_get", "argv", "argv_buf"),
    ARGS_SIZES_GET(Family.ARGUMENTS, "args_sizes_get", "argc", "argv_buf_size"),
    ENVIRON_GET(Family.ARGUMENTS, "environ_get", "environ", "environ_buf"),
    ENVIRON_SIZES_GET(Family.ARGUMENTS, "environ_sizes_get", "environ_count", "environ_buf_size"),

    CLOCK_RES_GET(Family.CLOCK, "clock_res_get", "id", "resolution"),
    CLOCK_TIME_GET(Family.CLOCK, "clock_time_get", "id", "precision:l", "time"),

    FD_READ(Family.FD_IO, "fd_read", "fd", "iovs", "iovs_len", "nread"),
    FD_WRITE(Family.FD_IO, "fd_write", "fd", "iovs", "iovs_len", "nwritten"),
    FD_PREAD(Family.FD_IO, "fd_pread", "fd", "iovs", "iovs_len", "offset:l", "nread"),
    FD_PWRITE(Family.FD_IO, "fd_pwrite", "fd", "iovs", "iovs_len", "offset:l", "nwritten"),
    FD_SEEK(Family.FD_IO, "fd_seek", "fd", "offset:l", "whence", "newoffset"),
    FD_TELL(Family.FD_IO, "fd_tell", "fd", "offset"),

    FD_ADVISE(Family.FD_STATE, "fd_advise", "fd", "offset:l", "len:l", "advice"),
    FD_ALLOCATE(Family.FD_STATE, "fd_allocate", "fd", "offset:l", "len:l"),
    FD_CLOSE(Family.FD_STATE, "fd_close", "fd"),
    FD_DATASYNC(Family.FD_STATE, "fd_datasync", "fd"),
    FD_FDSTAT_GET(Family.FD_STATE, "fd_fdstat_get", "fd", "stat"),
    FD_FDSTAT_SET_FLAGS(Family.FD_STATE, "fd_fdstat_set_flags", "fd", "flags"),
    FD_FDSTAT_SET_RIGHTS(Family.FD_STATE, "fd_fdstat_set_rights", "fd", "rights_base:l", "rights_inheriting:l"),
    FD_FILESTAT_GET(Family.FD_STATE, "fd_filestat_get", "fd", "buf"),
    FD_FILESTAT_SET_SIZE(Family.FD_STATE, "fd_filestat_set_size", "fd", "size:l"),
    FD_FILESTAT_SET_TIMES(Family.FD_STATE, "fd_filestat_set_times", "fd", "atim:l", "mtim:l", "fst_flags"),
    FD_RENUMBER(Family.FD_STATE, "fd_renumber", "fd", "to"),
    FD_SYNC(Family.FD_STATE, "fd_sync", "fd"),

    FD_PRESTAT_GET(Family.DIRECTORY, "fd_prestat_get", "fd", "buf"),
    FD_PRESTAT_DIR_NAME(Family.DIRECTORY, "fd_prestat_dir_name", "fd", "path", "path_len"),
    FD_READDIR(Family.DIRECTORY, "fd_readdir", "fd", "buf", "buf_len", "cookie:l", "bufused"),

    PATH_CREATE_DIRECTORY(Family.PATH, "path_create_directory", "fd", "path", "path_len"),
    PATH_FILESTAT_GET(Family.PATH, "path_filestat_get", "fd", "flags", "path", "path_len", "buf"),
    PATH_FILESTAT_SET_TIMES(Family.PATH, "path_filestat_set_times",
            "fd", "flags", "path", "path_len", "atim:l", "mtim:l", "fst_flags"),
    PATH_LINK(Family.PATH, "path_link",
            "old_fd", "old_flags", "old_path", "old_path_len", "new_fd", "new_path", "new_path_len"),
    PATH_OPEN(Family.PATH, "path_open",
            "fd", "dirflags", "path", "path_len", "oflags", "rights_base:l", "rights_inheriting:l", "fdflags", "opened"),
    PATH_READLINK(Family.PATH, "path_readlink", "fd", "path", "path_len", "buf", "buf_len", "bufused"),
    PATH_REMOVE_DIRECTORY(Family.PATH, "path_remove_directory", "fd", "path", "path_len"),
    PATH_RENAME(Family.PATH, "path_rename", "fd", "old_path", "old_path_len", "new_fd", "new_path", "new_path_len"),
    PATH_SYMLINK(Family.PATH, "path_symlink", "old_path", "old_path_len", "fd", "new_path", "new_path_len"),
    PATH_UNLINK_FILE(Family.PATH, "path_unlink_file", "fd", "path", "path_len"),

    POLL_ONEOFF(Family.POLL, "poll_oneoff", "in", "out", "nsubscriptions", "nevents"),

    PROC_EXIT(Family.PROCESS, "proc_exit", "rval"),
    PROC_RAISE(Family.PROCESS, "proc_raise", "sig"),
    SCHED_YIELD(Family.PROCESS, "sched_yield"),
    RANDOM_GET(Family.PROCESS, "random_get", "buf", "buf_len"),

    SOCK_ACCEPT(Family.SOCKET, "sock_accept", "fd", "flags", "opened"),
    SOCK_RECV(Family.SOCKET, "sock_recv", "fd", "ri_data", "ri_data_len", "ri_flags", "ro_datalen", "ro_flags"),
    SOCK_SEND(Family.SOCKET, "sock_send", "fd", "si_data", "si_data_len", "si_flags", "so_datalen"),
    SOCK_SHUTDOWN(Family.SOCKET, "sock_shutdown", "fd", "how");

    /** Which class carries the function out. */
    enum Family { ARGUMENTS, CLOCK, FD_IO, FD_STATE, DIRECTORY, PATH, POLL, PROCESS, SOCKET }

    final Family family;
    final String wasmName;
    private final String[] parameters;

    WasiFunction(Family family, String wasmName, String... parameters) {
        this.family = family;
        this.wasmName = wasmName;
        this.parameters = parameters;
    }

    /** The function of that name, or null. */
    static WasiFunction named(String name) {
        for (WasiFunction f : values()) {
            if (f.wasmName.equals(name)) {
                return f;
            }
        }
        return null;
    }

    FuncType type() {
        ValType[] types = new ValType[parameters.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = parameters[i].endsWith(":l") ? ValType.I64 : ValType.I32;
        }
        return new FuncType(List.of(types), this == PROC_EXIT ? List.of() : List.of(ValType.I32));
    }

    List<String> parameterNames() {
        String[] names = new String[parameters.length];
        for (int i = 0; i < names.length; i++) {
            String p = parameters[i];
            names[i] = p.endsWith(":l") ? p.substring(0, p.length() - 2) : p;
        }
        return List.of(names);
    }
}
