package wasmbpf.sys;

/** The seam to the kernel: every system call the loader makes goes through here. */
public interface Kernel {}
