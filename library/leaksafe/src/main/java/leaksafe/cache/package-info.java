/**
 * {@link leaksafe.cache.Cache}: a map in memory that lets go of what is too much, too old or no longer needed elsewhere.
 *
 * <p>The words are those of Caffeine and Guava, so what {@code Cache.builder()} has under the same name migrates by its imports. What has another
 * name, or none:
 * <ul>
 *   <li>{@code LoadingCache} and {@code CacheLoader}: hand the loader to {@code get(key, loader)} or {@code getAll(keys, bulkLoader)}, or take a
 *       {@link leaksafe.memo.Memo}, which has its function; {@code refreshAfterWrite} takes the function that reloads.
 *   <li>{@code buildAsync}: {@link leaksafe.memo.AsyncMemo}.
 *   <li>{@code softValues}: a maximum with {@link leaksafe.cache.CacheBuilder#memoryPressure}, which lowers it while the heap is full.
 *   <li>{@code expireAfterWrite(5, MINUTES)}: {@code expireAfterWrite(Duration.ofMinutes(5))}.
 *   <li>{@code evictionListener}: {@code removalListener}, whose cause says {@code wasEvicted()}; {@code RemovalCause} is in the package
 *       {@code leaksafe}.
 *   <li>{@code policy().eviction()}: methods of {@link leaksafe.cache.CachePolicy} itself; {@code policy().expireVariably().put}:
 *       {@code put(key, value, lifetime)}.
 *   <li>{@code scheduler}, {@code initialCapacity}, {@code concurrencyLevel}: leave them out.
 * </ul>
 *
 * <p>{@link leaksafe.cache.LeaseCache}: values that must be closed, leased to those who use them. It is no wrapper of the cache: what may be
 * evicted depends on who uses it now, and the bound has to count what left and is still in use.
 */
@NullMarked
package leaksafe.cache;

import org.jspecify.annotations.NullMarked;
