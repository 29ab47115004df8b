package wasmbpf.host.load;

/** Closes several things, each in any case, and remembers the first error. */
public final class Closing {
    private RuntimeException first;

    public void close(AutoCloseable each) {
        if (each == null) {
            return;
        }
        try {
            each.close();
        } catch (RuntimeException e) {
            remember(e);
        } catch (Exception e) {
            remember(new IllegalStateException(e));
        }
    }

    private void remember(RuntimeException e) {
        if (first == null) {
            first = e;
        } else {
            first.addSuppressed(e);
        }
    }

    /** Throws the first error, if there was one. */
    public void rethrow() {
        if (first != null) {
            throw first;
        }
    }
}
