/** How often growth is told that is none, and missed that is one. */
package leaksafe.bench.watch;
