/**
 * The workshop of {@code leaksafe.resource}: how scopes close, how open objects are recorded, and how executors end. Not exported.
 *
 * <p>State that is shared between threads, and who may touch it:
 * <table>
 * <caption>Shared state</caption>
 * <tr><th>field</th><th>read</th><th>written</th><th>guard</th></tr>
 * <tr><td>{@code ScopeState.phase, succeeded, closer, pass, tracked}, {@code EntryList}, all, {@code Entry.above, below}</td><td colspan="2">under the lock</td>
 *     <td>{@code ScopeState.lock}</td></tr>
 * <tr><td>{@code Entry.home}</td><td>volatile</td><td>volatile, under the lock of the scope that it names; of one that moves to another, under both
 *     and {@code ScopeMove.ONE_AT_A_TIME}</td><td>the same</td></tr>
 * <tr><td>{@code Chunk.used}</td><td>volatile</td><td>compare-and-set, get-and-and</td><td>none</td></tr>
 * <tr><td>{@code Chunk.slots}</td><td>acquire</td><td>release when filled, compare-and-set when taken out</td><td>none</td></tr>
 * <tr><td>{@code Stripe.current}</td><td>volatile</td><td>volatile, under the lock</td><td>{@code Stripe.lock}</td></tr>
 * <tr><td>{@code Stripe.chunks, roomy}, {@code Chunk.roomy, retired}</td><td colspan="2">under the lock</td>
 *     <td>{@code Stripe.lock}</td></tr>
 * <tr><td>{@code TrackerCore.watched}</td><td>volatile, after a claim in {@code Chunk.used}</td><td>volatile, under the lock, before the
 *     claims are counted</td><td>{@code TrackerCore.watching}</td></tr>
 * <tr><td>{@code LeakTally}, all</td><td colspan="2">under the lock</td><td>{@code LeakTally.lock}</td></tr>
 * <tr><td>{@code TrackedReference.detail}</td><td>after {@code Chunk.take}; racily by {@code touch} and {@code leak}</td>
 *     <td>before {@code Chunk.fill}; after {@code Chunk.take}</td><td>the place in the chunk</td></tr>
 * <tr><td>{@code Seconds.now}</td><td>opaque</td><td>opaque, the reaper and who opens the first object of a tracker</td><td>none: a late reading is within the
 *     promise</td></tr>
 * </table>
 *
 * <p><b>Locks.</b> {@code ScopeMove} alone holds the locks of several scopes at once, in any order, but by one thread at a time: it takes {@code
 * ScopeMove.ONE_AT_A_TIME} first, which is taken inside no other.
 * The lock of a scope is held while a thread of it is started. {@code TrackerCore.watching} is held while the
 * stripes' locks and the reaper's are taken, and is taken inside none. Users' code (closers, actions, listeners, tasks) runs
 * under none.
 */
@NullMarked
package leaksafe.resource.internal;

import org.jspecify.annotations.NullMarked;
