package wasmbpf.host;

import wasmbpf.host.buffer.EventBuffer;
import wasmbpf.host.buffer.PerfBuffer;
import wasmbpf.host.buffer.RingBuffer;
import wasmbpf.host.buffer.UserRingBuffer;
import wasmbpf.host.load.Cpus;
import wasmbpf.host.load.LoadedMap;
import wasmbpf.host.load.LoadedObject;
import wasmbpf.host.object.MapSpec;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.Errno;
import wasmbpf.sys.SysException;

/** A map of a {@link BpfObject}. */
public final class BpfMap {
    private final BpfObject object;
    private final MapSpec spec;

    BpfMap(BpfObject object, MapSpec spec) {
        this.object = object;
        this.spec = spec;
    }

    /** Its name in C; of a data section, the section's. */
    public String name() {
        return spec.realName();
    }

    /** What the file says, changeable until the object is loaded. */
    public MapSpec spec() {
        return spec;
    }

    /** The map in the kernel. @throws IllegalStateException if it was not created */
    public LoadedMap loaded() {
        return object.loaded(spec);
    }

    /** Makes it outlive this process at a path of bpffs. */
    public BpfMap pin(String path) {
        Pins.pin(object.loaded().kernel(), loaded().toString(), fd(), path);
        return this;
    }

    /** Takes its name in bpffs away. @return whether it was there */
    public boolean unpin(String path) {
        return Pins.unpin(object.loaded().kernel(), path);
    }

    /** Its descriptor. */
    public int fd() {
        return loaded().fd();
    }

    /**
     * A new buffer on it, by its type, closed with the object: a ring buffer, or a perf buffer of
     * {@link PerfBuffer#DEFAULT_PAGES} pages a CPU.
     *
     * @throws SysException EINVAL if it is no map of events
     */
    public EventBuffer events() {
        return loaded().is(BpfMapType.PERF_EVENT_ARRAY) ? perfBuffer(PerfBuffer.DEFAULT_PAGES) : ringBuffer();
    }

    /** The reading side of a BPF_MAP_TYPE_RINGBUF, closed with the object. */
    public RingBuffer ringBuffer() {
        LoadedMap map = require(BpfMapType.RINGBUF);
        LoadedObject owner = object.loaded();
        RingBuffer buffer = RingBuffer.open(owner.kernel(), name(), map.fd(),
                Integer.toUnsignedLong(map.maxEntries()), owner.runningKernel().pageSize());
        return owner.keep(buffer, buffer::isOpen);
    }

    /** The reading side of a BPF_MAP_TYPE_PERF_EVENT_ARRAY on every online CPU, closed with the object. */
    public PerfBuffer perfBuffer(int pagesEachCpu) {
        LoadedMap map = require(BpfMapType.PERF_EVENT_ARRAY);
        LoadedObject owner = object.loaded();
        Cpus cpus = owner.runningKernel().cpus();
        PerfBuffer buffer = PerfBuffer.open(owner.kernel(), name(), map.fd(), cpus.online(map.maxEntries()),
                pagesEachCpu, owner.runningKernel().pageSize());
        return owner.keep(buffer, buffer::isOpen);
    }

    /** The writing side of a BPF_MAP_TYPE_USER_RINGBUF, closed with the object. */
    public UserRingBuffer userRingBuffer() {
        LoadedMap map = require(BpfMapType.USER_RINGBUF);
        LoadedObject owner = object.loaded();
        UserRingBuffer buffer = UserRingBuffer.open(owner.kernel(), name(), map.fd(),
                Integer.toUnsignedLong(map.maxEntries()), owner.runningKernel().pageSize());
        return owner.keep(buffer, buffer::isOpen);
    }

    private LoadedMap require(BpfMapType type) {
        LoadedMap map = loaded();
        if (!map.is(type)) {
            BpfMapType own = BpfMapType.of(map.type());
            throw new SysException("open events of map \"" + name() + "\", which is "
                    + (own == null ? "of type " + map.type() : own.kernelName()), Errno.EINVAL);
        }
        return map;
    }

    @Override
    public String toString() {
        return spec.toString();
    }
}
