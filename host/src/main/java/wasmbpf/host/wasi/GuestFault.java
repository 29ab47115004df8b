package wasmbpf.host.wasi;

/** A guest handed over a pointer or a length outside its memory. Becomes EFAULT in the guest's terms, never a trap. */
public final class GuestFault extends RuntimeException {
    public static final GuestFault INSTANCE = new GuestFault();

    private GuestFault() {
        super("guest pointer out of bounds", null, false, false);
    }
}
