package wasmbpf.host.guest;

import java.nio.file.Path;
import java.util.Arrays;

import wasmbpf.host.BpfMap;
import wasmbpf.host.BpfObject;
import wasmbpf.host.load.LoadedMap;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.SysException;
import wasmbpf.sys.SystemCall;

/** A map of every type: made, and a value put in and taken out where the kernel lets a process do that. */
final class MapChecks {
    private static final String OBJECT = "guest/maps";
    private static final Kernel KERNEL = Guest.KERNEL;
    private static final byte[] ONE = Guest.ints(1);

    private MapChecks() {
    }

    /** Does something with the map of a check. */
    @FunctionalInterface
    private interface Use {
        void of(LoadedMap map, BpfObject object) throws Exception;
    }

    static void addTo(Checks checks) {
        for (String hash : new String[] {"hash", "lru_hash", "array"}) {
            add(checks, hash, (map, object) -> {
                map.update(ONE, Guest.longs(11));
                Wrong.unlessEqual(11L, Guest.toLong(map.lookup(ONE)), "value");
                Wrong.unless(map.nextKey(null) != null, "no first key");
            });
        }
        for (String each : new String[] {"percpu_hash", "percpu_array", "lru_percpu_hash"}) {
            add(checks, each, (map, object) -> {
                byte[] values = new byte[map.valueBytes()];
                values[values.length - 8] = 7;
                map.update(ONE, values);
                Wrong.unless(Arrays.equals(values, map.lookup(ONE)), "values of CPUs differ");
            });
        }
        add(checks, "lpm_trie", (map, object) -> {
            map.update(new byte[] {8, 0, 0, 0, 10, 0, 0, 0}, Guest.longs(5));
            Wrong.unlessEqual(5L, Guest.toLong(map.lookup(new byte[] {32, 0, 0, 0, 10, 1, 2, 3})), "value");
        });
        add(checks, "prog_array", (map, object) -> {
            map.update(ONE, Guest.ints(object.program("program").fd()));
            Wrong.unless(Guest.toInt(map.lookup(ONE)) > 0, "no program's id");
        });
        add(checks, "cgroup_array", (map, object) -> withFile("/sys/fs/cgroup",
                fd -> map.update(ONE, Guest.ints(fd))));
        add(checks, "perf_event_array", (map, object) -> object.map("perf_event_array").perfBuffer(1).close());
        add(checks, "ringbuf", (map, object) -> object.map("ringbuf").ringBuffer().close());
        add(checks, "user_ringbuf", (map, object) -> object.map("user_ringbuf").userRingBuffer().close());
        for (String each : new String[] {"array_of_maps", "hash_of_maps"}) {
            checks.add("map/" + each, () -> inner(each));
        }
        // Device 1 is the loopback interface.
        for (String each : new String[] {"devmap", "devmap_hash"}) {
            add(checks, each, (map, object) -> {
                map.update(ONE, ONE);
                Wrong.unlessEqual(1, Guest.toInt(map.lookup(ONE)), "device");
            });
        }
        add(checks, "cpumap", (map, object) -> {
            map.update(ONE, Guest.ints(64));
            Wrong.unlessEqual(64, Guest.toInt(map.lookup(ONE)), "queue");
        });
        add(checks, "xskmap", (map, object) -> map.delete(ONE));
        for (String each : new String[] {"sockmap", "sockhash"}) {
            add(checks, each, (map, object) -> {
                try (Sockets sockets = new Sockets()) {
                    int server = sockets.bound(Linux.AF_INET, Linux.SOCK_STREAM);
                    sockets.listen(server);
                    int client = sockets.open(Linux.AF_INET, Linux.SOCK_STREAM);
                    sockets.connect(client, Linux.AF_INET, sockets.port(server));
                    map.update(ONE, Guest.longs(client));
                    Wrong.unless(Guest.toLong(map.lookup(ONE)) != 0, "no cookie of the socket");
                }
            });
        }
        add(checks, "reuseport_sockarray", (map, object) -> reuseport(map));
        add(checks, "cgroup_storage", (map, object) -> Wrong.unless(map.nextKey(null) == null,
                "a key in an empty map"));
        add(checks, "percpu_cgroup_storage", (map, object) -> Wrong.unless(map.nextKey(null) == null,
                "a key in an empty map"));
        add(checks, "queue", (map, object) -> takes(map, 1, 2));
        add(checks, "stack", (map, object) -> takes(map, 2, 1));
        add(checks, "bloom_filter", (map, object) -> map.update(null, Guest.longs(3)));
        add(checks, "stack_trace", (map, object) -> Wrong.unless(map.lookup(ONE) == null, "a stack in an empty map"));
        add(checks, "sk_storage", (map, object) -> {
            int socket = KERNEL.socket(Linux.AF_INET, Linux.SOCK_DGRAM, 0);
            stores(map, socket);
        });
        add(checks, "inode_storage", (map, object) -> withFile("/tmp", fd -> stores(map, KERNEL.dup(fd))));
        add(checks, "task_storage", (map, object) -> stores(map, (int) SysException.check("pidfd_open",
                KERNEL.call(SystemCall.PIDFD_OPEN, null, Guest.PID, 0, 0, 0, 0, 0))));
        add(checks, "cgrp_storage", (map, object) -> withFile("/sys/fs/cgroup", fd -> stores(map, KERNEL.dup(fd))));
        add(checks, "arena", (map, object) -> Wrong.unlessEqual(0L, map.memory().getLong(0), "first word"));
        checks.add("map/pinned", MapChecks::pinned);
        checks.add("map/mmap", MapChecks::mapped);
    }

    private static BpfObject load(String... maps) {
        BpfObject object = Guest.open(OBJECT);
        try {
            for (BpfMap each : object.maps()) {
                each.spec().autocreate(Arrays.asList(maps).contains(each.name()));
            }
            object.program("program").autoload(true);
            return object.load(KERNEL);
        } catch (RuntimeException e) {
            object.close();
            throw e;
        }
    }

    private static void add(Checks checks, String name, Use use) {
        checks.add("map/" + name, () -> {
            try (BpfObject object = load(name)) {
                use.of(object.map(name).loaded(), object);
                return null;
            }
        });
    }

    private static String inner(String name) {
        try (BpfObject object = load(name, "inside")) {
            LoadedMap outer = object.map(name).loaded();
            Wrong.unless(Guest.toInt(outer.lookup(ONE)) > 0, "the slot that the file fills is empty");
            Wrong.unless(outer.lookup(Guest.ints(2)) == null, "another slot is full");
            return null;
        }
    }

    /** Opens a file for as long as it takes. */
    private static void withFile(String path, java.util.function.IntConsumer use) {
        int fd = (int) SysException.check("open " + path, KERNEL.open(path, Linux.O_RDONLY, 0));
        try {
            use.accept(fd);
        } finally {
            KERNEL.close(fd);
        }
    }

    /** A value kept with what a descriptor stands for; closes the descriptor. */
    private static void stores(LoadedMap map, int fd) {
        try {
            map.update(Guest.ints(fd), Guest.longs(21));
            Wrong.unlessEqual(21L, Guest.toLong(map.lookup(Guest.ints(fd))), "value");
            Wrong.unless(map.delete(Guest.ints(fd)), "nothing to delete");
        } finally {
            KERNEL.close(fd);
        }
    }

    private static void takes(LoadedMap map, long first, long second) {
        map.update(null, Guest.longs(1));
        map.update(null, Guest.longs(2));
        Wrong.unlessEqual(first, Guest.toLong(map.lookupAndDelete(null)), "first");
        Wrong.unlessEqual(second, Guest.toLong(map.lookupAndDelete(null)), "second");
    }

    private static void reuseport(LoadedMap map) {
        try (Sockets sockets = new Sockets()) {
            int socket = sockets.open(Linux.AF_INET, Linux.SOCK_DGRAM);
            SysException.check("setsockopt", KERNEL.setsockopt(socket, Linux.SOL_SOCKET, 15, 1));
            sockets.bind(socket, Linux.AF_INET, 0);
            map.update(ONE, Guest.longs(socket));
            Wrong.unless(Guest.toLong(map.lookup(ONE)) != 0, "no cookie of the socket");
        }
    }

    private static String pinned() {
        Path path = Path.of("/sys/fs/bpf/hash");
        try {
            for (int i = 0; i < 2; i++) {
                BpfObject object = Guest.open(OBJECT);
                object.maps().forEach(each -> each.spec().autocreate(each.name().equals("hash")));
                object.map("hash").spec().pinning(wasmbpf.host.object.MapSpec.Pinning.BY_NAME);
                try (object) {
                    object.load(KERNEL);
                    LoadedMap map = object.map("hash").loaded();
                    if (i == 0) {
                        map.update(ONE, Guest.longs(99));
                    } else {
                        Wrong.unlessEqual(99L, Guest.toLong(map.lookup(ONE)), "value of an earlier object");
                    }
                }
            }
            return null;
        } finally {
            KERNEL.unlink(path.toString());
        }
    }

    /** Global variables in the process's memory and the map are the same. */
    private static String mapped() {
        try (BpfObject object = Guest.load("guest/tracing", "tracepoint")) {
            var memory = object.map(".bss").loaded().memory();
            Wrong.unless(memory != null, "the kernel does not map arrays");
            memory.setLongRelease(0, 1234);
            Wrong.unlessEqual(1234L, Guest.toLong(object.map(".bss").loaded().lookup(Guest.ints(0))), "value");
            return null;
        }
    }
}
