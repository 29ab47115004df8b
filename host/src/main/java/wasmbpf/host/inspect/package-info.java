/**
 * What objects hold, need and would submit, and what is in the kernel, as rows of names and values that the command line
 * prints as text or JSON. Knows the loader's packages; knows nothing of the command line.
 */
package wasmbpf.host.inspect;
