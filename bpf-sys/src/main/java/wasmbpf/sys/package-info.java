/** The kernel behind one seam, {@code Kernel}. Knows nobody. */
package wasmbpf.sys;
