/** Dumps with known leaks, for timing heap analysis as whole processes: see {@code heap.md}. */
package leaksafe.bench.heap;
