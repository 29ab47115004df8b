package wasmbpf.wasm.compile;

import java.lang.classfile.TypeKind;
import wasmbpf.wasm.OpBytes;

/**
 * Makes {@code x * 31 + y} as {@code (x << 5) + (y - x)}, and {@code x * 33 + y} as {@code (x << 5) + (x + y)}: two operations
 * after x, where C2's {@code ((x << 5) - x) + y} is three.
 */
final class ProductSums {
    private final MethodCode m;
    private final RegionCalls regions;
    /** The sum whose factor was the last constant, or whose product is on the stack yet; or null. */
    private Products.Sum open;
    /** The JVM local with x. */
    private int x;

    ProductSums(MethodCode m, RegionCalls regions) {
        this.m = m;
        this.regions = regions;
    }

    /** Whether the constant where the walk is is left out, as it is the factor of such a sum. */
    boolean leavesOut() {
        Products.Sum sum = m.facts.products.of(m.at.offset());
        if (open == null && sum != null && regions.areBehind(sum.addition())) {
            open = sum;
            return true;
        }
        return false;
    }

    /** Makes the instruction where the walk is, if it is the multiplication or the addition of such a sum. */
    boolean emit(int op) {
        if (open == null) {
            return false;
        }
        TypeKind kind = op == OpBytes.I32_MUL || op == OpBytes.I32_ADD ? TypeKind.INT : TypeKind.LONG;
        if (m.at.offset() == open.multiplication()) {
            x = m.temp(46, kind);
            m.code.storeLocal(kind, x);
            if (open.first()) {
                shifted(kind);
            }
            return true;
        }
        if (m.at.offset() != open.addition()) {
            return false;
        }
        m.code.loadLocal(kind, x);
        if (open.plus()) {
            add(kind);
        } else if (kind == TypeKind.INT) {
            m.code.isub();
        } else {
            m.code.lsub();
        }
        if (!open.first()) {
            shifted(kind);
        }
        add(kind);
        open = null;
        return true;
    }

    private void shifted(TypeKind kind) {
        m.code.loadLocal(kind, x).loadConstant(open.shift());
        if (kind == TypeKind.INT) {
            m.code.ishl();
        } else {
            m.code.lshl();
        }
    }

    private void add(TypeKind kind) {
        if (kind == TypeKind.INT) {
            m.code.iadd();
        } else {
            m.code.ladd();
        }
    }
}
