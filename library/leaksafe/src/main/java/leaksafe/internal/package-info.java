/**
 * The engine that several rooms use: the reaper, the coarse clock, call sites, announcements and reports. Not exported.
 *
 * <p>State that is shared between threads, and who may touch it:
 * <table>
 * <caption>Shared state of the engine</caption>
 * <tr><th>field</th><th>read</th><th>written</th><th>guard</th></tr>
 * <tr><td>{@code CoarseClock.now}</td><td>opaque, anybody</td><td>opaque, the reaper; the thread that registers the first timed client</td>
 *     <td>none: a late reading is within the promise</td></tr>
 * <tr><td>{@code Reaper.entries, due, timedClients, running}</td><td colspan="2">under the lock</td><td>{@code Reaper.LOCK}</td></tr>
 * <tr><td>{@code HitCounter.cells} and their places</td><td>plain by increments, acquire by sums</td><td>release</td>
 *     <td>{@code HitCounter.claiming}</td></tr>
 * <tr><td>{@code HitCounter.Cell.count}</td><td>opaque</td><td>opaque</td><td>the thread that owns the cell</td></tr>
 * <tr><td>{@code Containers.ANNOUNCED}</td><td colspan="2">concurrent set</td><td>its own</td></tr>
 * </table>
 * {@code Reaper.LOCK} is never held while a client works or a reference is reaped, and no lock is taken inside it. It is taken inside
 * {@code Containers.LOCK} alone, by the first container that is announced and the last that goes; that is taken inside no other.
 */
@NullMarked
package leaksafe.internal;

import org.jspecify.annotations.NullMarked;
