/**
 * The loader under other kernels: {@link wasmbpf.host.guest.KernelsIT} boots them, {@link
 * wasmbpf.host.guest.KernelMatrix} runs in each. See docs/kernels.md.
 */
package wasmbpf.host.guest;
