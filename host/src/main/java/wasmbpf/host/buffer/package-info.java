/**
 * Events from the kernel: the BPF ring buffer, perf event buffers, and waiting for them.
 *
 * <p>Nothing is copied: a handler sees the memory the kernel wrote. All of it runs on the polling thread; only
 * {@link wasmbpf.host.buffer.Poller#interrupt} may be called from elsewhere. Knows {@code wasmbpf.sys} alone.
 */
package wasmbpf.host.buffer;
