/**
 * The loader as a Java library: {@link wasmbpf.host.BpfObject} opens, loads and attaches BPF objects.
 */
package wasmbpf.host;
