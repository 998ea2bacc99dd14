/** Memos and leased values beside what people write. */
package leaksafe.bench.memo;
