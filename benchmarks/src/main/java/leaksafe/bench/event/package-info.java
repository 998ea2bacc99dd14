/** Buses beside their peers: publishing. */
package leaksafe.bench.event;
