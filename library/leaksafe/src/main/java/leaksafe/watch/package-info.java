/**
 * "Memory grows, why?" answered in the running JVM.
 *
 * <p><b>Which one?</b> In production, always on: {@link leaksafe.watch.GrowthMonitor} tells which container, gauge or the heap grows steadily, how
 * fast, and from which line; it costs a look at each container now and then. When something grows: {@link leaksafe.watch.HeapSnapshot} says of
 * which classes there are more than before, {@link leaksafe.watch.AllocationRecorder} which lines allocate, and what holds what is still there,
 * {@link leaksafe.watch.Footprint} how much an object takes with all that it reaches. If that is not enough, take a heap dump.
 */
@NullMarked
package leaksafe.watch;

import org.jspecify.annotations.NullMarked;
