/**
 * The kernel behind one seam, {@link wasmbpf.sys.Kernel}. Knows nobody.
 *
 * <pre>
 * Kernel            one method, call(SystemCall, attr, a … f): result &gt;= 0 or -errno; typed methods on top of it
 *   LinuxKernel     the running kernel: one FFM handle, the project's only native code
 *   replay.*        decorators: record, replay, print, fail on purpose
 * SystemCall        the table of calls: numbers, parameters
 * KernelStruct      a declared layout; BpfAttrs, InfoStructs, PerfEventAttr declare them; StructValue holds one
 * Fd, MappedRegion  what must be given back once
 * </pre>
 *
 * <p>A struct's declaration is used four times: to write it, to print it, to record and replay it, and to compare it
 * with the kernel's own BTF. Start-up counts here, as every run begins with these classes: no lambdas, streams or
 * formatters on the way to the first call, constants that javac folds, classes that load when their command is first
 * used.
 */
package wasmbpf.sys;
