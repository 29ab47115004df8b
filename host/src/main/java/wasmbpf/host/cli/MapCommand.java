package wasmbpf.host.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wasmbpf.btf.Btf;
import wasmbpf.elf.FormatException;
import wasmbpf.host.inspect.Json;
import wasmbpf.host.inspect.KernelMap;
import wasmbpf.host.inspect.KernelObjects.Kind;
import wasmbpf.host.inspect.MapAccess;
import wasmbpf.host.inspect.MapText;
import wasmbpf.host.load.KernelBtf;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.SysException;

/** {@code wasm-bpf map}. */
final class MapCommand extends KernelObjectCommand {
    MapCommand() {
        super(Kind.MAP, "map", "show|list [MAP] | dump MAP | lookup MAP key DATA | update MAP [key DATA] value VALUE "
                + "[any|exist|noexist] | delete MAP key DATA | getnext MAP [key DATA] | peek|pop MAP | push MAP value DATA | "
                + "freeze MAP | pin MAP FILE, MAP: id N | name NAME | pinned FILE, DATA: [hex] BYTES",
                "maps in the kernel and what they hold, as bpftool map");
    }

    @Override
    String[] words() {
        return new String[] {"show", "list", "dump", "lookup", "update", "delete", "getnext", "pin", "peek", "push", "pop",
            "enqueue", "dequeue", "freeze", "help"};
    }

    @Override
    void run(String word, Words words) {
        switch (word) {
            case "show", "list" -> show(words);
            case "pin" -> pin(words);
            default -> {
                try (Fd fd = one(words)) {
                    KernelMap map = KernelMap.of(objects(), fd);
                    MapAccess access = new MapAccess(objects().kernel(), map, fd,
                            RunningKernel.of(objects().kernel()).cpus().possible());
                    element(word, words, map, access);
                } catch (FormatException e) {
                    throw new FatalException(1, e.getMessage(), e);
                }
            }
        }
    }

    private void element(String word, Words words, KernelMap map, MapAccess access) {
        MapData data = new MapData(words, this::oneProgramOrMap);
        switch (word) {
            case "dump" -> {
                words.end();
                dump(map, access);
            }
            case "lookup" -> lookup(map, access, data.last("key", map.keySize()));
            case "update", "push", "enqueue" -> {
                byte[] key = map.keySize() == 0 ? new byte[0] : data.next("key", map.keySize());
                data.update(map, access, key);
                done();
            }
            case "delete" -> {
                access.delete(data.last("key", map.keySize()));
                done();
            }
            case "getnext" -> next(access, words.more() ? data.last("key", map.keySize()) : null);
            case "peek" -> {
                words.end();
                taken(map, access, access.lookup(new byte[0]));
            }
            case "pop", "dequeue" -> {
                words.end();
                taken(map, access, access.pop());
            }
            default -> {
                words.end();
                access.freeze();
                done();
            }
        }
    }

    /** The descriptor of a program or map that becomes a value. */
    private Fd oneProgramOrMap(Words words, Kind kind) {
        return kind == Kind.MAP ? one(words) : new ProgCommand().one(words);
    }

    private Btf types(KernelMap map) {
        if (map.vmlinuxValueTypeId() != 0) {
            return RunningKernel.of(objects().kernel()).vmlinux();
        }
        return map.btfId() != 0 && map.valueTypeId() != 0 ? KernelBtf.byId(objects().kernel(), map.btfId()) : null;
    }

    private void dump(KernelMap map, MapAccess access) {
        MapText text = new MapText(access, types(map));
        List<Object> rows = new ArrayList<>();
        long found = 0;
        byte[] key = null;
        boolean json = format() != Format.TEXT;
        while ((key = nextKey(map, access, key)) != null) {
            byte[] value = access.lookup(key);
            found += value == null ? 0 : 1;
            if (value != null && (json || text.hasTypes())) {
                rows.add(json ? text.row(key, value) : text.typed(key, value));
            } else if (value != null) {
                Words.print(text.line(key, value));
            } else if (access.errno() == Errno.ENOENT && (access.holdsPrograms() || access.holdsMaps())) {
                // A slot that is empty.
                continue;
            } else if (json) {
                rows.add(MapText.failedRow(key, access.errno()));
            } else if (!text.hasTypes()) {
                Words.print(text.failedLine(key, access.errno()));
            }
        }
        if (json) {
            document(rows);
        } else if (text.hasTypes()) {
            Words.print(Json.pretty(rows) + "\n");
        } else {
            Words.print("Found " + found + " element" + (found == 1 ? "" : "s") + "\n");
        }
    }

    /** Maps that cannot be walked (rings, queues, storages) have no keys to show. */
    private static byte[] nextKey(KernelMap map, MapAccess access, byte[] key) {
        if (map.keySize() == 0) {
            return null;
        }
        try {
            return access.next(key);
        } catch (SysException e) {
            if (key == null) {
                throw e;
            }
            return null;
        }
    }

    private void lookup(KernelMap map, MapAccess access, byte[] key) {
        byte[] value = access.lookup(key);
        if (value == null && access.errno() != Errno.ENOENT) {
            throw new SysException("look up in map " + map.id(), access.errno());
        }
        MapText text = new MapText(access, types(map));
        if (format() != Format.TEXT) {
            document(value == null ? null : text.row(key, value));
        } else if (value == null) {
            Words.print("key:\n" + MapText.hex(key) + "\n\nNot found\n");
        } else {
            Words.print(text.hasTypes() ? Json.pretty(text.typed(key, value)) + "\n" : text.line(key, value));
        }
    }

    private void taken(KernelMap map, MapAccess access, byte[] value) {
        if (value == null) {
            if (access.errno() != Errno.ENOENT) {
                throw new SysException("take from map " + map.id(), access.errno());
            }
            if (format() != Format.TEXT) {
                document(null);
            } else {
                Words.print("Error: empty map\n");
            }
        } else if (format() != Format.TEXT) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("value", MapText.bytes(value));
            document(row);
        } else {
            Words.print("value: " + MapText.hex(value) + "\n");
        }
    }

    private void next(MapAccess access, byte[] key) {
        byte[] next = access.next(key);
        if (next == null) {
            throw new FatalException(1, "no key follows", null);
        }
        if (format() == Format.TEXT) {
            Words.print((key == null ? "key: None\n" : "key:\n" + MapText.hex(key) + "\n") + "next key:\n" + MapText.hex(next) + "\n");
            return;
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("key", key == null ? null : MapText.bytes(key));
        row.put("next_key", MapText.bytes(next));
        document(row);
    }
}
