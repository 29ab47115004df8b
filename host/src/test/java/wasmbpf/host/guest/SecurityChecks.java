package wasmbpf.host.guest;

import java.nio.file.Files;
import java.nio.file.Path;

import wasmbpf.host.BpfObject;
import wasmbpf.host.attach.Link;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Linux;

/** LSM programs that deny something to the checks alone. */
final class SecurityChecks {
    private SecurityChecks() {
    }

    static void addTo(Checks checks) {
        checks.add("lsm", () -> denies("lsm"));
        checks.add("lsm.s", () -> denies("lsm_sleepable"));
        checks.add("lsm_cgroup", SecurityChecks::deniesInACgroup);
    }

    private static String denies(String program) throws Exception {
        Path own = Path.of("/tmp/wasmbpf_own");
        Path other = Path.of("/tmp/wasmbpf_other");
        Files.createDirectories(own);
        Files.createDirectories(other);
        try (BpfObject object = Guest.load("guest/lsm", program)) {
            Link link = object.program(program).attach();
            Wrong.unlessEqual(-Errno.EPERM, Guest.KERNEL.rmdir(own.toString()), "rmdir while it is denied");
            Wrong.unlessEqual(0, Guest.KERNEL.rmdir(other.toString()), "rmdir of another directory");
            Wrong.unlessEqual(1L, Guest.hits(object), "denials");
            link.close();
            Wrong.unlessEqual(0, Guest.KERNEL.rmdir(own.toString()), "rmdir after the program was detached");
            return link.description();
        } finally {
            Files.deleteIfExists(own);
            Files.deleteIfExists(other);
        }
    }

    private static String deniesInACgroup() throws Exception {
        try (BpfObject object = Guest.load("guest/lsm", "lsm_cgroup"); OwnCgroup cgroup = OwnCgroup.make()) {
            Link link = object.program("lsm_cgroup").attach(cgroup.path());
            Wrong.unlessEqual(-Errno.EPERM, Guest.KERNEL.socket(Linux.AF_UNIX, Linux.SOCK_DGRAM, 0),
                    "a socket in the cgroup");
            Wrong.unlessEqual(1L, Guest.hits(object), "denials");
            link.close();
            int socket = Guest.KERNEL.socket(Linux.AF_UNIX, Linux.SOCK_DGRAM, 0);
            Wrong.unless(socket >= 0, "no socket after the program was detached");
            Guest.KERNEL.close(socket);
            return null;
        }
    }
}
