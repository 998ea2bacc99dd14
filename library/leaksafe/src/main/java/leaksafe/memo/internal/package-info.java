/**
 * The workshop of the memos. Not exported. The results are in caches of {@code leaksafe.cache}, which load once for a key and see cycles;
 * users' functions run as their loaders, under no lock.
 *
 * <p><b>Shared state.</b>
 * <table>
 * <caption>Fields that several threads touch</caption>
 * <tr><th>field</th><th>read</th><th>written</th><th>guard of writes</th></tr>
 * <tr><td>{@code Flight.ending, canceller}</td><td colspan="2">atomic</td><td>none: one takes each</td></tr>
 * <tr><td>{@code Flight.superseded}, {@code AsyncCore.planned}</td><td>volatile</td><td>volatile</td><td>none: each side writes its own, then
 *     reads the other's</td></tr>
 * <tr><td>{@code Flight.waiters, landed}; what {@code Batches} gathers</td><td colspan="2">plain</td><td>their locks, taken alone</td></tr>
 * </table>
 */
@NullMarked
package leaksafe.memo.internal;

import org.jspecify.annotations.NullMarked;
