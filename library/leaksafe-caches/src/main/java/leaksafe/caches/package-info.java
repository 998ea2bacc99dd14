/**
 * Caches of other libraries in the census: one {@link leaksafe.census.Probe} for each library, which need not be there unless its probe is
 * used.
 *
 * <pre>{@code
 * Census.watch("orders", orders, CaffeineProbe.INSTANCE);
 * }</pre>
 *
 * <p>In an artifact of its own, so that the core has no dependency, not even an optional one, and in one for all such libraries, since each
 * is a class of some lines that costs nothing where it is not used.
 */
@NullMarked
package leaksafe.caches;

import org.jspecify.annotations.NullMarked;
