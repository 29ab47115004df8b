package wasmbpf.sys.replay;

import wasmbpf.sys.Kernel;

/** Answers system calls from a recorded trace. */
public final class ReplayKernel implements Kernel {}
