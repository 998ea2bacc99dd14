/**
 * The workshop of the buses. Not exported.
 *
 * <p>{@code Hub} is what a topic and a bus share: the lock, the loop over a snapshot. {@code Source} types what goes in. {@code Admission} decides
 * whether a handler may be held, with the help of {@code Rebinding}, which takes lambdas apart, and {@code Held}, which holds what it can by its class
 * loader alone.
 *
 * <p>There is one lock for each hub. No user's code runs under it, and no other lock is taken inside it but that of a reference queue.
 * <table>
 * <caption>Shared state</caption>
 * <tr><th>field</th><th>read</th><th>written</th><th>guard</th></tr>
 * <tr><td>{@code SnapshotTopic.direct}, {@code EventType.direct}, {@code RoutingBus.table}</td><td>volatile, publishers</td>
 *     <td>volatile</td><td>the lock, for writing</td></tr>
 * <tr><td>{@code snapshot}, sticky events, {@code Roster}, {@code Entry.index}, {@code Hub.closed}</td>
 *     <td colspan="2">under the lock</td><td>the lock</td></tr>
 * <tr><td>{@code Entry.referent}</td><td>publishers</td><td>the collector; whoever ends the entry</td><td>none: cleared once, for good</td></tr>
 * <tr><td>{@code Entry.binding}</td><td>plain, publishers</td><td>plain, whoever ends the entry, after the referent</td>
 *     <td>none: set before the entry is published, null once</td></tr>
 * </table>
 */
@NullMarked
package leaksafe.event.internal;

import org.jspecify.annotations.NullMarked;
