package wasmbpf.host.attach;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import wasmbpf.host.load.Closing;
import wasmbpf.host.load.LoadedProgram;
import wasmbpf.sys.Errno;

/** One program attached at several places that the kernel sees as separate links: a USDT probe's sites. */
public final class CompositeLink implements Link {
    private final String description;
    private final List<Link> links;
    private final Runnable afterwards;

    /** @param afterwards run once, after all links are closed */
    CompositeLink(String description, List<Link> links, Runnable afterwards) {
        this.description = description;
        this.links = new ArrayList<>(links);
        this.afterwards = afterwards;
    }

    @Override
    public String description() {
        return description;
    }

    /** What it is made of. */
    public List<Link> links() {
        return List.copyOf(links);
    }

    @Override
    public int[] fds() {
        return links.stream().flatMapToInt(link -> Arrays.stream(link.fds())).toArray();
    }

    @Override
    public void update(LoadedProgram program) {
        throw new AttachException("update link of " + description, Errno.EOPNOTSUPP, "it has several places");
    }

    @Override
    public void pin(String path) {
        throw new AttachException("pin link of " + description + " at " + path, Errno.EOPNOTSUPP,
                "it has several places");
    }

    @Override
    public boolean isOpen() {
        return !links.isEmpty();
    }

    @Override
    public void close() {
        if (links.isEmpty()) {
            return;
        }
        Closing closing = new Closing();
        links.forEach(closing::close);
        links.clear();
        closing.close(afterwards::run);
        closing.rethrow();
    }

    @Override
    public String toString() {
        return description;
    }
}
