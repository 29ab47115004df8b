/** One table of many engines, each in a process of its own: {@code bench/table}. */
package wasmbpf.bench.table;
