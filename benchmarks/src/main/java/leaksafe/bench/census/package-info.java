/** What it costs a container that somebody asks for its figures: nothing, on its hot paths. */
package leaksafe.bench.census;
