/** The seam to the Linux kernel, and the only module that calls native code. */
module wasmbpf.sys {
    exports wasmbpf.sys;
    exports wasmbpf.sys.replay;
}
