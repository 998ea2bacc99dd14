/** What it costs to know of open resources: ours beside Netty's leak detector and the JDK's cleaner. */
package leaksafe.bench.resource;
