/** The workshop of the cache. Not exported. */
@NullMarked
package leaksafe.cache.internal;

import org.jspecify.annotations.NullMarked;
