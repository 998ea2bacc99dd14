/**
 * "Memory grows, why?" answered in the running JVM: {@link leaksafe.watch.GrowthMonitor} tells which container, gauge or the heap grows
 * steadily, how fast, and from which line.
 *
 * <p><b>Which one?</b> In production, always on: a {@code GrowthMonitor}, which costs a look at each container now and then.
 */
@NullMarked
package leaksafe.watch;

import org.jspecify.annotations.NullMarked;
