/**
 * {@link leaksafe.cache.Cache}: a map in memory that lets go of what is too much, too old or no longer needed elsewhere.
 *
 * <p>The words are those of Caffeine and Guava, so most code migrates by its imports and its builder.
 *
 * <p>{@link leaksafe.cache.LeaseCache}: values that must be closed, leased to those who use them. It is no wrapper of the cache: what may be
 * evicted depends on who uses it now, and the bound has to count what left and is still in use.
 */
@NullMarked
package leaksafe.cache;

import org.jspecify.annotations.NullMarked;
