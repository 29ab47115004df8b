/** Decorators of {@code Kernel} that record, replay and print system calls. */
package wasmbpf.sys.replay;
