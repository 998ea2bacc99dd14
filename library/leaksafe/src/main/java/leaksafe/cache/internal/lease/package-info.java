/**
 * The workshop of {@link leaksafe.cache.LeaseCache}. Not exported.
 *
 * <p><b>A value's life</b> is one number in {@code Held}: how many leases it has while it can be leased; the same with the sign bit once it
 * was retired (evicted, expired, replaced, invalidated). Who makes it retired and without leases closes the value, so that
 * happens once, since it stays so, and never while it is used.
 *
 * <p><b>The bound.</b> A permit is taken before a value is opened and given back after it was closed. Who finds no permit raises
 * {@code waiting}, looks for a value without leases to evict, and waits. Who gives back a value's last lease lowers its number and then looks
 * at {@code waiting}. Both are volatile, so one of the two sees the other: no value lies idle while somebody waits for room.
 *
 * <p><b>Shared state.</b>
 * <table>
 * <caption>Fields that several threads touch</caption>
 * <tr><th>field</th><th>read</th><th>written</th><th>guard of writes</th></tr>
 * <tr><td>{@code Held.state}</td><td>volatile</td><td>atomic</td><td>none</td></tr>
 * <tr><td>{@code Held.value, openedAt}</td><td>plain, after the latch</td><td>plain, before the latch opens</td><td>the opener; its end the one who closes</td></tr>
 * <tr><td>{@code Held.used}</td><td>plain</td><td>plain</td><td>none: a lost use is harmless</td></tr>
 * <tr><td>{@code Held.lastUsed}</td><td>opaque</td><td>opaque</td><td>none: the order of two that end at once does not matter</td></tr>
 * <tr><td>{@code Held.older, newer, listed}</td><td colspan="2">plain</td><td>the lock of {@code Order}</td></tr>
 * <tr><td>{@code Held.note}</td><td>acquire; plain by the lease that owns it</td><td>release</td><td>that lease: see {@code Leases}</td></tr>
 * <tr><td>{@code Note.lease}</td><td>opaque</td><td>opaque, to null compare-and-set</td><td>the same, to null the reaper</td></tr>
 * <tr><td>{@code Note.uses}</td><td colspan="2">plain</td><td>the same</td></tr>
 * <tr><td>{@code Held.company}</td><td>acquire</td><td>compare-and-set, once</td><td>none</td></tr>
 * <tr><td>{@code Company.places}</td><td>acquire</td><td>compare-and-set</td><td>none: from a free place, or one with a closed lease</td></tr>
 * <tr><td>{@code CachedLease.closed}</td><td>volatile</td><td>compare-and-set</td><td>none</td></tr>
 * <tr><td>{@code CachedLease.watch}</td><td>volatile</td><td>volatile, once</td><td>the reaper, or who acquires it</td></tr>
 * <tr><td>{@code Watch.before, after, listed}</td><td colspan="2">plain</td><td>the lock of its {@code Stripe}</td></tr>
 * <tr><td>{@code Leases.suspicious}</td><td>volatile</td><td>volatile</td><td>none: it is only ever set</td></tr>
 * <tr><td>{@code Leases.budget}</td><td colspan="2">plain</td><td>none: a race costs or spares a sample</td></tr>
 * </table>
 *
 * <p><b>Who holds what.</b> The user's cache and its open leases hold the core, and so does the user's class, by a {@code DropWatch}, until the
 * cache was closed and its last value with it; nothing of that holds the user's cache, so its collection is seen, and that of a lease which is
 * dropped after its cache.
 *
 * <p><b>Locks.</b> That of {@code Order} and those of the stripes are taken alone, for constant or (the hand of {@code Order}) linear
 * time, and no users' code runs under them. {@code equals} and {@code hashCode} of keys run under the bin locks of a
 * {@code ConcurrentHashMap}.
 */
@NullMarked
package leaksafe.cache.internal.lease;

import org.jspecify.annotations.NullMarked;
