/** The command line. Knows every other package; nobody knows it. */
package wasmbpf.host.cli;
