/**
 * The workshop of the cache. Not exported.
 *
 * <p><b>Structure.</b> A cache has segments, as many as make writers rarely meet, each with a lock, a hash table whose chains consist
 * of the entries themselves, and a share of the order. The {@code Budget} is one for the cache, and exact; only the choice of the victim
 * is a segment's own. A segment, its table, its sketch and the miniature caches come into being when there is something for them.
 *
 * <p><b>Why readers need no lock.</b>
 * <ol>
 * <li>A node is written whole before it is linked by a release; readers walk by acquires. So they see it whole.</li>
 * <li>A successor changes only when the node after it is unlinked, which keeps its own, or when a chain is relinked. A node is linked
 *     at the head of its chain. So a reader that stands on a removed node goes on to nodes that were linked before, and misses none.</li>
 * <li>When a table is replaced, its chains are relinked in place, in their order; before the first, the segment's place in
 *     {@code tables} is set to {@code resizing}. A reader that missed looks at that place again: had it met a relinked successor, then by the
 *     order of its acquires it sees that the table is another, and looks again under the lock. A hit needs no second look.</li>
 * <li>A value is not null exactly as long as its entry is alive and not being computed. A put without the lock only exchanges one
 *     value for another; death is an atomic exchange for null under the lock. So of all who compete for a value one gets it, and the
 *     listener is told once.</li>
 * <li>Writes end with a volatile access (compare-and-set, or the unlock), so that a thread that wrote and then reads another key does
 *     not read from before its write.</li>
 * </ol>
 *
 * <p><b>Why main is swept in the order of the table.</b> Links for SIEVE's order make an entry 8 bytes larger on JDK 17 (40 and not 32), which is
 * 0.67 of Caffeine's memory instead of 0.58. In simulation over 171 cells of 40 traces the order of the table costs 0.23 points of
 * hit ratio; most of that comes back by passing once over what comes shortly ahead of the hand, where that pays. The memory is certain, so the
 * table it is.
 *
 * <p><b>Shared state.</b>
 * <table>
 * <caption>Fields that several threads touch</caption>
 * <tr><th>field</th><th>read</th><th>written</th><th>guard of writes</th></tr>
 * <tr><td>{@code Structure.tables[i]}</td><td>acquire</td><td>volatile</td><td>the segment's lock</td></tr>
 * <tr><td>bins, {@code Node.next}</td><td>acquire; plain under the lock</td><td>release</td><td>the segment's lock</td></tr>
 * <tr><td>{@code Node.meta}, hash bits</td><td>plain</td><td>never after publication</td><td></td></tr>
 * <tr><td>{@code Node.meta}, window flag and mark</td><td>opaque</td><td>opaque, with the use flag as read just before</td><td>the segment's lock</td></tr>
 * <tr><td>{@code Node.meta}, use flag</td><td>plain</td><td>set by a plain compare-and-set, once; also with the others</td><td>none: a lost one is harmless</td></tr>
 * <tr><td>{@code Node.value}</td><td>acquire</td><td>compare-and-set from value to value; else atomic exchange</td><td>none; else the lock</td></tr>
 * <tr><td>{@code TimedNode.deadline}</td><td>opaque</td><td>opaque</td><td>the lock; a read that prolongs needs none</td></tr>
 * <tr><td>{@code Expiration.shortest}</td><td>volatile</td><td>volatile, only downwards</td><td>none: a lost update has a sweep come later, once</td></tr>
 * <tr><td>{@code Turns.Turn.teller}</td><td>opaque</td><td>compare-and-set from null; release to null</td><td>none: each thread its own name</td></tr>
 * <tr><td>{@code Turns.others}</td><td colspan="2">concurrent map</td><td>none: each thread has its own entry</td></tr>
 * <tr><td>{@code FullNode.cap}</td><td>volatile</td><td>volatile</td><td>the segment's lock</td></tr>
 * <tr><td>weight, older, newer, the order, {@code Loads}, {@code Segment.table, hadLongChain}</td><td colspan="2">plain</td><td>the segment's lock</td></tr>
 * <tr><td>{@code Segment.nodes}</td><td>opaque</td><td>opaque</td><td>the segment's lock</td></tr>
 * <tr><td>{@code Sweep.due}, {@code Sweeper.planned}</td><td>volatile</td><td>volatile</td><td>none: each side writes its own, then reads the other's</td></tr>
 * <tr><td>{@code Extras.refreshAt, read}</td><td>volatile</td><td>volatile</td><td>the segment's lock; readers set {@code read} without</td></tr>
 * <tr><td>{@code Extras.reload}</td><td>volatile</td><td>compare-and-set from null by a reader; volatile to null</td><td>none; the lock</td></tr>
 * <tr><td>{@code GroupIndex}, {@code Extras.members}</td><td colspan="2">plain</td><td>the segment's lock</td></tr>
 * <tr><td>{@code SharedBudget.permits}</td><td colspan="2">as {@code Budget}, and taken before it</td><td></td></tr>
 * <tr><td>{@code Regret}, {@code SharedBudget.chosen, horizon}</td><td colspan="2">opaque, volatile</td><td>none: estimates</td></tr>
 * <tr><td>{@code Budget.free}</td><td colspan="2">atomic</td><td>none: permits are taken before linking and given back after unlinking</td></tr>
 * <tr><td>{@code Budget.maximum}</td><td>volatile</td><td>volatile</td><td>{@code Budget.version}, which is odd meanwhile</td></tr>
 * <tr><td>{@code Duel.share, second, spares, sampleMask}</td><td colspan="2">volatile</td><td>the duel's lock</td></tr>
 * <tr><td>{@code Load.result}</td><td>volatile</td><td>volatile, before the latch opens</td><td>its owner</td></tr>
 * </table>
 *
 * <p><b>Caches that refresh or have groups</b> have nodes of a kind of their own, and a kind of {@code Expiration} that looks at the age of a
 * value at a hit: other caches pay nothing for either. A stale value is claimed for a reload by a compare-and-set in its {@code Extras}. The
 * reload may replace the value only while that claim stands, and every write of the value clears it; so what was loaded before a write
 * never replaces what was written. In a segment, groups are found by tag, and a running load is told of the groups that were invalidated since
 * it began.
 *
 * <p><b>Shared budgets.</b> A permit is taken from the {@code SharedBudget} before the cache's own, and both while the lock of one of its segments is
 * held. A write that finds no room lets go of that lock before another cache evicts under its own. {@code Regret} says which. Between the two a
 * third may take the room: then the write tries again, and after some attempts evicts from its own cache.
 *
 * <p><b>Locks.</b> A segment's lock is never held while another lock is waited for: the duel's is only tried under it. {@code Waits.LOCK} and the
 * reaper's are taken alone. Under a segment's lock run, of users' code, {@code equals} and {@code hashCode} of keys, {@code equals} of
 * values that are compared, {@code equals} and {@code hashCode} of groups, and a {@code Ticker}; loaders, weighers, {@code Expiry}, functions
 * that tell groups, listeners and executors run under none. One of the former that uses the cache gets an exception (see {@code SegmentLock}).
 */
@NullMarked
package leaksafe.cache.internal;

import org.jspecify.annotations.NullMarked;
