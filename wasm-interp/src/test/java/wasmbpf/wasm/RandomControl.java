package wasmbpf.wasm;

import static wasmbpf.wasm.OpBytes.*;

import java.util.ArrayList;
import java.util.List;

/** Random calls, blocks, branches and exceptions. */
abstract class RandomControl extends RandomReferences {
    RandomControl(RandomModule module, int function, WasmEncoder.Code code) {
        super(module, function, code);
    }

    // Calls

    /** A call whose last result has the type; else an operation or constant. */
    void call(char type) {
        List<Integer> callees = new ArrayList<>();
        for (int f = 0; f < module.signatures.size(); f++) {
            if (module.results(f).endsWith(String.valueOf(type))) {
                callees.add(f);
            }
        }
        if (callees.isEmpty()) {
            plainValue(type);
            return;
        }
        int callee = callees.get(pick(callees.size()));
        values(module.params(callee));
        emitCall(callee, false);
        keepLast(module.results(callee));
    }

    void callStatement() {
        int callee = pick(module.signatures.size());
        values(module.params(callee));
        emitCall(callee, false);
        String given = module.results(callee);
        for (int i = given.length() - 1; i >= 0; i--) {
            code.op(LOCAL_SET, local(given.charAt(i)));
        }
    }

    void emitCall(int callee, boolean tail) {
        int type = module.encoder.type(module.signatures.get(callee));
        switch (pick(4)) {
            case 0 -> {
                int table = 2 * pick(2);
                int element = chance(90) ? callee : pick(RandomModule.TABLE_SIZE + 1);
                boolean wide = RandomModule.TABLE64[table];
                // A constant, or one that comes out only where it runs.
                int other = pick(2) * pick(1000);
                code.op(wide ? I64_CONST : I32_CONST, element ^ other);
                if (other != 0) {
                    code.op(wide ? I64_CONST : I32_CONST, other).op(wide ? I64_XOR : I32_XOR);
                }
                code.op(tail ? RETURN_CALL_INDIRECT : CALL_INDIRECT, type, table);
            }
            case 1 -> {
                if (chance(95)) {
                    code.op(REF_FUNC, callee);
                } else {
                    code.op(REF_NULL, type);
                }
                code.op(tail ? RETURN_CALL_REF : CALL_REF, type);
            }
            default -> code.op(tail ? RETURN_CALL : CALL, callee);
        }
    }

    // Control

    void blockValue(char type) {
        if (depth > 6) {
            plainValue(type);
            return;
        }
        depth++;
        String types = blockResults(type);
        switch (pick(4)) {
            case 0 -> {
                value('i');
                code.op(IF, blockType("", types));
                inside(types, types);
                code.op(ELSE);
                inside(types, types);
                code.op(END);
            }
            case 1 -> loopValue(types);
            case 2 -> tryValue(types);
            default -> {
                code.op(BLOCK, blockType("", types));
                inside(types, types);
                code.op(END);
            }
        }
        depth--;
        keepLast(types);
    }

    /** Statements, then values of a block; sometimes code that is never reached. */
    void inside(String label, String results) {
        labels.add(label);
        catches.add(false);
        statements(2);
        if (chance(15)) {
            jump();
            if (chance(50)) {
                code.op(I32_ADD).op(DROP);
            }
        } else {
            values(results);
        }
        labels.removeLast();
        catches.removeLast();
    }

    /** A loop with its results as parameters. */
    void loopValue(String types) {
        values(types);
        code.op(LOOP, blockType(types, types));
        labels.add(types);
        catches.add(false);
        for (int i = types.length() - 1; i >= 0; i--) {
            code.op(LOCAL_SET, local(types.charAt(i)));
        }
        fuel();
        statements(2);
        values(types);
        value('i');
        // Seldom for ever.
        code.op(I32_CONST, 7).op(I32_AND).op(I32_CONST, 3).op(I32_LT_U).op(BR_IF, 0);
        close();
    }

    void loop() {
        code.op(I32_CONST, 1 + pick(6)).op(LOCAL_SET, local('i'));
        code.op(LOOP, -64);
        labels.add("");
        catches.add(false);
        fuel();
        statements(3);
        value('i');
        code.op(I32_CONST, 3).op(I32_AND).op(BR_IF, 0);
        close();
    }

    /** A jump to any open block. */
    void jump() {
        switch (pick(7)) {
            case 0 -> {
                values(results);
                code.op(RETURN);
            }
            case 1 -> code.op(UNREACHABLE);
            case 2 -> throwSomething();
            case 3 -> {
                List<Integer> callees = new ArrayList<>();
                for (int f = 0; f < module.signatures.size(); f++) {
                    if (module.results(f).equals(results)) {
                        callees.add(f);
                    }
                }
                if (callees.isEmpty()) {
                    code.op(UNREACHABLE);
                } else {
                    int callee = callees.get(pick(callees.size()));
                    values(module.params(callee));
                    emitCall(callee, true);
                }
            }
            case 4 -> {
                int target = someLabel();
                String types = label(target);
                values(types);
                value('i');
                List<Long> targets = new ArrayList<>();
                for (int i = pick(4); i >= 0; i--) {
                    int other = someLabel();
                    targets.add((long) (label(other).equals(types) ? other : target));
                }
                targets.add((long) target);
                code.op(BR_TABLE, targets.stream().mapToLong(Long::longValue).toArray());
            }
            default -> {
                int target = someLabel();
                values(label(target));
                code.op(BR, target);
            }
        }
    }

    /** Arms of a br_table, one behind the other, with what is in them. */
    void arms() {
        int count = 3 + pick(8);
        for (int i = 0; i < count; i++) {
            code.op(BLOCK, -64);
            labels.add("");
            catches.add(false);
        }
        value('i');
        code.op(I32_CONST, 15).op(I32_AND);
        code.op(BR_TABLE, random.ints(1 + pick(20), 0, count).asLongStream().toArray());
        for (int i = 0; i < count; i++) {
            close();
            statements(2);
            if (chance(40)) {
                int target = someLabel();
                values(label(target));
                value('i');
                code.op(BR_IF, target);
                dropAll(label(target));
            } else if (chance(20) && i < count - 1) {
                code.op(BR, pick(count - 1 - i));
            }
        }
    }

    private void dropAll(String types) {
        for (int i = 0; i < types.length(); i++) {
            code.op(DROP);
        }
    }

    String label(int index) {
        return labels.get(labels.size() - 1 - index);
    }

    int someLabel() {
        int target = pick(labels.size());
        // A block whose type no function type names.
        return label(target).equals("?") ? labels.size() - 1 : target;
    }

    void branchIf() {
        int target = someLabel();
        String types = label(target);
        values(types);
        value('i');
        code.op(BR_IF, target);
        for (int i = types.length() - 1; i >= 0; i--) {
            code.op(LOCAL_SET, local(types.charAt(i)));
        }
    }

    // Exceptions

    void throwSomething() {
        if (chance(20)) {
            code.op(LOCAL_GET, local('x')).op(THROW_REF);
            return;
        }
        int tag = pick(RandomModule.TAGS.length);
        values(RandomModule.TAGS[tag]);
        code.op(THROW, module.tags[tag]);
    }

    void tryValue(String types) {
        if (chance(50)) {
            tryTable(types);
        } else {
            legacyTry(types);
        }
    }

    /** A block of the results around a block of what is caught. */
    void tryTable(String types) {
        int tag = pick(RandomModule.TAGS.length);
        // catch, catch_ref, catch_all, catch_all_ref
        int kind = pick(4);
        String caught = (kind < 2 ? RandomModule.TAGS[tag] : "") + (kind == 1 || kind == 3 ? "x" : "");
        code.op(BLOCK, blockType("", types));
        labels.add(types);
        catches.add(false);
        code.op(BLOCK, blockType("", caught));
        labels.add(caught);
        catches.add(false);
        code.op(TRY_TABLE, blockType("", types), kind, kind < 2 ? module.tags[tag] : -1, 0);
        inside(types, types);
        code.op(END).op(BR, 1);
        close();
        for (int i = caught.length() - 1; i >= 0; i--) {
            code.op(LOCAL_SET, local(caught.charAt(i)));
        }
        statements(1);
        values(types);
        close();
    }

    void legacyTry(String types) {
        code.op(TRY, blockType("", types));
        inside(types, types);
        if (chance(20)) {
            // To an outer block of any kind, or the caller.
            code.op(DELEGATE, pick(labels.size()));
            return;
        }
        int clauses = pick(3);
        for (int i = 0; i < clauses; i++) {
            int tag = pick(RandomModule.TAGS.length);
            code.op(CATCH, module.tags[tag]);
            for (int k = RandomModule.TAGS[tag].length() - 1; k >= 0; k--) {
                code.op(LOCAL_SET, local(RandomModule.TAGS[tag].charAt(k)));
            }
            handler(types);
        }
        if (clauses == 0 || chance(40)) {
            code.op(CATCH_ALL);
            handler(types);
        }
        code.op(END);
    }

    void handler(String types) {
        labels.add(types);
        catches.add(true);
        statements(1);
        if (chance(15)) {
            code.op(RETHROW, rethrowable());
        } else {
            values(types);
        }
        labels.removeLast();
        catches.removeLast();
    }

    /** An open handler. */
    int rethrowable() {
        int target = pick(catches.size());
        return catches.get(catches.size() - 1 - target) ? target : 0;
    }
}
