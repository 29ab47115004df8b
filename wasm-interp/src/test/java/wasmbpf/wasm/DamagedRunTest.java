package wasmbpf.wasm;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Damaged modules that are still valid run: nothing but a result or one of our exceptions comes out, and the JVM survives
 * it. See {@link DamagedModulesTest} for the originals.
 */
class DamagedRunTest {
    private static final int MAX_MILLIS = 30;
    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "interrupts damaged modules");
        thread.setDaemon(true);
        return thread;
    });

    /** How the modules run; another tier overrides it. */
    InstanceOptions options() {
        return InstanceOptions.DEFAULT.withInterruptible(true).withMaxCallDepth(300).withMaxMemoryBytes(64 << 20)
                .withStackBytes(1 << 20);
    }

    @Property(tries = 1_000, shrinking = ShrinkingMode.OFF)
    void endInAResultOrOurException(@ForAll long seed) {
        Random random = new Random(seed);
        List<byte[]> originals = DamagedModulesTest.ORIGINALS;
        byte[] bytes = originals.get(random.nextInt(originals.size()));
        if (random.nextInt(4) > 0) {
            bytes = DamagedModulesTest.damage(random, bytes);
        }
        try {
            run(WasmModule.decode("damaged", bytes), random);
        } catch (WasmException e) {
            // One of the permitted ends.
        } catch (RuntimeException | Error e) {
            throw new AssertionError("module " + HexFormat.of().formatHex(bytes), e);
        }
    }

    private void run(WasmModule module, Random random) {
        ImportLinker linker = new ImportLinker().fallback(DamagedRunTest::host);
        for (Import wanted : module.imports()) {
            Extern extern = extern(wanted.type());
            if (extern != null) {
                linker.add(wanted.module(), wanted.name(), extern);
            }
        }
        if (module.start() >= 0) {
            // It would run before anyone could interrupt it.
            return;
        }
        try (Instance instance = Instance.instantiate(module, linker, options())) {
            ScheduledFuture<?> end = CLOCK.schedule(instance::interrupt, MAX_MILLIS, TimeUnit.MILLISECONDS);
            for (Export export : module.exports()) {
                if (instance.export(export.name()) instanceof WasmFunction function) {
                    try {
                        function.apply(arguments(function, random));
                    } catch (WasmException e) {
                        if (e instanceof Trap trap) {
                            trap.report();
                        }
                    } catch (IllegalArgumentException e) {
                        // No null for this parameter.
                    }
                }
            }
            end.cancel(false);
        }
    }

    private static Object[] arguments(WasmFunction function, Random random) {
        List<Object> values = new ArrayList<>();
        for (ValType type : function.type().params()) {
            long bits = random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(70_000);
            values.add(switch (type.code()) {
                case TypeCode.I32 -> (int) bits;
                case TypeCode.I64 -> bits;
                case TypeCode.F32 -> Float.intBitsToFloat((int) bits);
                case TypeCode.F64 -> Double.longBitsToDouble(bits);
                case TypeCode.V128 -> new V128(bits, random.nextLong());
                default -> null;
            });
        }
        return values.toArray();
    }

    private static HostFunction host(String module, String name, FuncType type) {
        for (ValType result : type.results()) {
            if (result.isRef() && !result.isNullable()) {
                return null;
            }
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < type.params().size(); i++) {
            names.add("p" + i);
        }
        try {
            return HostFunction.ofValues(module, name, type, names, (caller, args) -> zeros(type.results()));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Object[] zeros(List<ValType> types) {
        return types.stream().map(DamagedRunTest::zero).toArray();
    }

    private static Object zero(ValType type) {
        return type.isRef() ? null : Values.number(type, 0, 0);
    }

    private static Extern extern(ExternType wanted) {
        return switch (wanted) {
            case ExternType.Func _ -> null;
            case ExternType.Tag tag -> new WasmTag(tag.type());
            case GlobalType global -> global.type().isRef() && !global.type().isNullable() ? null
                    : new WasmGlobal(global, zero(global.type()));
            case TableType table -> table.min() < 0 || table.min() > 1000 || !table.element().isNullable() ? null
                    : new WasmTable(table, null);
            case MemoryType memory -> new LinearMemory(memory, FileReservation.PROVIDER, 16 << 20);
        };
    }
}
