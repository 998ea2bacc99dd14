/** Weak registries beside their peers: what leaks and what is lost, time, bytes. */
package leaksafe.bench.registry;
