/**
 * Decorators of {@link wasmbpf.sys.Kernel}: {@link wasmbpf.sys.replay.RecordingKernel} writes a
 * {@link wasmbpf.sys.replay.SyscallTrace}, {@link wasmbpf.sys.replay.ReplayKernel} answers from one without a kernel,
 * {@link wasmbpf.sys.replay.StraceKernel} prints, {@link wasmbpf.sys.replay.FaultKernel} fails on purpose.
 *
 * <p>All read what a call means from the tables {@link wasmbpf.sys.SystemCall} and {@link wasmbpf.sys.KernelStruct};
 * {@code CallText} turns a call into text, and replaying compares texts.
 */
package wasmbpf.sys.replay;
