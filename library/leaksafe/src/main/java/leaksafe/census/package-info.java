/**
 * What is in memory: {@link leaksafe.census.Census} lists every container of the library, and any other that it is told to watch, with
 * name, kind, line of creation, class loader, size and bound; a {@link leaksafe.census.CensusSnapshot} is that list at one time, and
 * {@link leaksafe.census.CensusSnapshot#since} says what grew.
 *
 * <pre>{@code
 * CensusSnapshot before = Census.snapshot();
 * work();
 * System.out.println(Census.snapshot().since(before).top(10).toText());
 * }</pre>
 *
 * <p><b>Cost.</b> Nothing on any path of a container but its creation: one look at the stack and one entry in a concurrent set.
 * Containers count anyway, or where they are told to; a snapshot reads what they count.
 *
 * <p><b>What is kept alive.</b> Nothing. Containers are announced weakly, snapshots consist of text and numbers alone (sites and class
 * loaders by name), and what is watched is held weakly, with what reads it living in the class of whoever wrote that, not in a static
 * field of ours. So a snapshot may be kept for as long as one likes, and an application's class loader goes though its maps were watched.
 *
 * <p><b>Elsewhere.</b> {@link leaksafe.census.CensusMBeans} shows containers over JMX. JDK Flight Recorder gets {@code leaksafe.Leak},
 * {@code leaksafe.LeaseOverdue} and {@code leaksafe.EvictionBurst} when a recording wants them. Other artifacts bring them to Micrometer
 * and to a live page.
 *
 * <p><b>Other libraries' containers.</b> Anything with a size can be watched, see {@link leaksafe.census.Census#watch(String, Object,
 * Probe)}. Adapters for caches of Caffeine and Guava are a {@link leaksafe.census.Probe} each; they live in an artifact of their
 * own, {@code leaksafe-caches}, so that this module has no dependency, not even an optional one.
 */
@NullMarked
package leaksafe.census;

import org.jspecify.annotations.NullMarked;
