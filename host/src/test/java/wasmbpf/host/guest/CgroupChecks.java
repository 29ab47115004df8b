package wasmbpf.host.guest;

import wasmbpf.host.guest.Guest.Trigger;
import wasmbpf.sys.Linux;

/** Programs of a cgroup that the checks' process is moved to. */
final class CgroupChecks {
    private static final String OBJECT = "guest/cgroup";
    private static final int INET = Linux.AF_INET;
    private static final int INET6 = Linux.AF_INET6;
    private static final int UNIX = Linux.AF_UNIX;
    private static final int DGRAM = Linux.SOCK_DGRAM;
    private static final int SO_REUSEADDR = 2;

    private CgroupChecks() {
    }

    /** Does something with sockets made for it. */
    @FunctionalInterface
    private interface Scene {
        Trigger with(Sockets sockets) throws Throwable;
    }

    static void addTo(Checks checks) {
        for (String way : new String[] {"ingress", "egress"}) {
            add(checks, "cgroup_skb/" + way, "skb_" + way, sockets -> {
                int receiver = sockets.bound(INET, DGRAM);
                int sender = sockets.open(INET, DGRAM);
                int port = sockets.port(receiver);
                return () -> {
                    sockets.sendTo(sender, INET, port);
                    sockets.receive(receiver);
                };
            });
        }
        Scene opens = sockets -> () -> {
            sockets.open(INET, DGRAM);
            sockets.closeLast();
        };
        add(checks, "cgroup/sock_create", "sock_create", opens);
        add(checks, "cgroup/sock_release", "sock_release", opens);
        add(checks, "cgroup/sock", "sock", opens);
        for (int family : new int[] {INET, INET6}) {
            String digit = family == INET ? "4" : "6";
            Scene binds = sockets -> () -> {
                sockets.bound(family, DGRAM);
                sockets.closeLast();
            };
            add(checks, "cgroup/bind" + digit, "bind" + digit, binds);
            add(checks, "cgroup/post_bind" + digit, "post_bind" + digit, binds);
            add(checks, "cgroup/connect" + digit, "connect" + digit, sockets -> () -> {
                sockets.connect(sockets.open(family, DGRAM), family, 9);
                sockets.closeLast();
            });
            add(checks, "cgroup/sendmsg" + digit, "sendmsg" + digit, sockets -> {
                int sender = sockets.open(family, DGRAM);
                return () -> sockets.sendTo(sender, family, 9);
            });
            add(checks, "cgroup/recvmsg" + digit, "recvmsg" + digit, sockets -> {
                int receiver = sockets.bound(family, DGRAM);
                int sender = sockets.open(family, DGRAM);
                int port = sockets.port(receiver);
                return () -> {
                    sockets.sendTo(sender, family, port);
                    sockets.receiveFrom(receiver);
                };
            });
            add(checks, "cgroup/getpeername" + digit, "getpeername" + digit, sockets -> {
                int socket = sockets.open(family, DGRAM);
                sockets.connect(socket, family, 9);
                return () -> sockets.name(52, socket);
            });
            add(checks, "cgroup/getsockname" + digit, "getsockname" + digit, sockets -> {
                int socket = sockets.bound(family, DGRAM);
                return () -> sockets.name(51, socket);
            });
        }
        addUnix(checks);
        add(checks, "cgroup/sysctl", "sysctl", sockets -> () -> {
            int fd = Guest.KERNEL.open("/proc/sys/kernel/ostype", Linux.O_RDONLY, 0);
            try (var arena = java.lang.foreign.Arena.ofConfined()) {
                Guest.KERNEL.read(fd, arena.allocate(64));
            }
            Guest.KERNEL.close(fd);
        });
        add(checks, "cgroup/dev", "dev", sockets -> () -> Guest.KERNEL.close(
                Guest.KERNEL.open("/dev/zero", Linux.O_RDONLY, 0)));
        add(checks, "cgroup/getsockopt", "getsockopt", sockets -> {
            int socket = sockets.open(INET, DGRAM);
            return () -> sockets.getOption(socket, Linux.SOL_SOCKET, SO_REUSEADDR);
        });
        add(checks, "cgroup/setsockopt", "setsockopt", sockets -> {
            int socket = sockets.open(INET, DGRAM);
            return () -> Wrong.unlessEqual(0, Guest.KERNEL.setsockopt(socket, Linux.SOL_SOCKET, SO_REUSEADDR, 1),
                    "setsockopt");
        });
        add(checks, "sockops", "sockops", sockets -> {
            int server = sockets.bound(INET, Linux.SOCK_STREAM);
            sockets.listen(server);
            int port = sockets.port(server);
            return () -> {
                sockets.connect(sockets.open(INET, Linux.SOCK_STREAM), INET, port);
                sockets.closeLast();
            };
        });
    }

    private static void addUnix(Checks checks) {
        add(checks, "cgroup/connect_unix", "connect_unix", sockets -> {
            sockets.bindUnix(sockets.open(UNIX, DGRAM), "there");
            return () -> {
                sockets.connectUnix(sockets.open(UNIX, DGRAM), "there");
                sockets.closeLast();
            };
        });
        add(checks, "cgroup/sendmsg_unix", "sendmsg_unix", sockets -> {
            int receiver = sockets.open(UNIX, DGRAM);
            sockets.bindUnix(receiver, "there");
            int sender = sockets.open(UNIX, DGRAM);
            return () -> {
                sockets.sendToUnix(sender, "there");
                sockets.receive(receiver);
            };
        });
        add(checks, "cgroup/recvmsg_unix", "recvmsg_unix", sockets -> {
            int receiver = sockets.open(UNIX, DGRAM);
            sockets.bindUnix(receiver, "there");
            int sender = sockets.open(UNIX, DGRAM);
            sockets.bindUnix(sender, "here");
            return () -> {
                sockets.sendToUnix(sender, "there");
                sockets.receiveFrom(receiver);
            };
        });
        for (String call : new String[] {"getpeername", "getsockname"}) {
            add(checks, "cgroup/" + call + "_unix", call + "_unix", sockets -> {
                sockets.bindUnix(sockets.open(UNIX, DGRAM), "there");
                int socket = sockets.open(UNIX, DGRAM);
                sockets.bindUnix(socket, "here");
                sockets.connectUnix(socket, "there");
                return () -> sockets.name(call.equals("getpeername") ? 52 : 51, socket);
            });
        }
    }

    private static void add(Checks checks, String name, String program, Scene scene) {
        checks.add(name, () -> {
            try (OwnCgroup cgroup = OwnCgroup.make(); Sockets sockets = new Sockets()) {
                Trigger trigger = scene.with(sockets);
                Guest.fires(OBJECT, program, 1, object -> object.program(program).attach(cgroup.path()), trigger);
                return null;
            }
        });
    }
}
