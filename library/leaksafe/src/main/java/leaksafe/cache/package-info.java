/**
 * {@link leaksafe.cache.Cache}: a map in memory that lets go of what is too much, too old or no longer needed elsewhere.
 *
 * <p>The words are those of Caffeine and Guava, so most code migrates by its imports and its builder.
 */
@NullMarked
package leaksafe.cache;

import org.jspecify.annotations.NullMarked;
