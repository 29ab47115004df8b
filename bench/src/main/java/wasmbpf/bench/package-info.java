/** JMH benchmarks, one question a class. */
package wasmbpf.bench;
