/**
 * Functions that remember their results, within a bound.
 *
 * <p><b>What was decided.</b>
 * <ul>
 *   <li>A memo is bounded although nothing is said: 128 results, as Python's {@code lru_cache}. Any other bound is said with a
 *       {@link leaksafe.cache.CacheBuilder}, so that there is one set of words for bounds.
 *   <li>Nulls and failures are not remembered unless that is said: both are mostly temporary, and a remembered one is a mistake that
 *       lasts.
 *   <li>A method of many objects is memoized {@linkplain leaksafe.memo.InstanceMemo per instance}. One memo keyed by the object and the
 *       argument, kept in a static field, is what keeps such objects alive elsewhere.
 * </ul>
 */
@NullMarked
package leaksafe.memo;

import org.jspecify.annotations.NullMarked;
