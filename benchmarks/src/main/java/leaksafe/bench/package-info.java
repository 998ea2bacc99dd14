/** Benchmarks: ours and peers in the same run, results as ratios with their spread. */
package leaksafe.bench;
