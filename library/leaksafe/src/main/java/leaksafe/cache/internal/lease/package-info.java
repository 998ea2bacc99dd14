/**
 * The workshop of {@link leaksafe.cache.LeaseCache}. Not exported.
 *
 * <p><b>A value's life</b> is one number in {@code Held}: how many leases it has while it can be leased; the same with the sign bit once it
 * was retired (evicted, expired, replaced, invalidated); and {@code CLOSED}. Who moves it to {@code CLOSED} closes the value, so that
 * happens once, and it happens from no leases only, so never while it is used.
 *
 * <p><b>The bound.</b> A permit is taken before a value is opened and given back after it was closed. Who finds no permit raises
 * {@code waiting}, looks for a value without leases to evict, and waits. Who gives back a value's last lease lowers its number and then looks
 * at {@code waiting}. Both are volatile, so one of the two sees the other: no value lies idle while somebody waits for room.
 *
 * <p><b>Shared state.</b>
 * <table>
 * <caption>Fields that several threads touch</caption>
 * <tr><th>field</th><th>read</th><th>written</th><th>guard of writes</th></tr>
 * <tr><td>{@code Held.state}</td><td>volatile</td><td>compare-and-set</td><td>none</td></tr>
 * <tr><td>{@code Held.value, openedAt}</td><td>plain, after the latch</td><td>plain, before the latch opens</td><td>the opener; its end the one who closes</td></tr>
 * <tr><td>{@code Held.used}</td><td>plain</td><td>plain</td><td>none: a lost use is harmless</td></tr>
 * <tr><td>{@code Held.lastUsed}</td><td>opaque</td><td>opaque</td><td>none: the order of two that end at once does not matter</td></tr>
 * <tr><td>{@code Held.older, newer, listed}</td><td colspan="2">plain</td><td>the lock of {@code Order}</td></tr>
 * <tr><td>{@code Watch.older, newer}</td><td colspan="2">plain</td><td>the lock of its {@code Stripe}</td></tr>
 * <tr><td>{@code Watch.closed}</td><td>acquire</td><td>release</td><td>the lock of its {@code Stripe}</td></tr>
 * </table>
 *
 * <p><b>Who holds what.</b> The user's cache and its open leases hold the core, and so does the user's class, by a {@code DropWatch}, until the
 * cache was closed; nothing of that holds the user's cache, so its collection is seen.
 *
 * <p><b>Locks.</b> That of {@code Order} and those of the stripes are taken alone, for constant or (the hand of {@code Order}) linear
 * time, and no users' code runs under them. {@code equals} and {@code hashCode} of keys run under the bin locks of a
 * {@code ConcurrentHashMap}.
 */
@NullMarked
package leaksafe.cache.internal.lease;

import org.jspecify.annotations.NullMarked;
