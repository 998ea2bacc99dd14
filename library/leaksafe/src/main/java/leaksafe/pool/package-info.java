/**
 * Pools of objects that are dear to make: bounded, shrinking to a minimum, and unharmed by leases that nobody closes.
 *
 * <pre>{@code
 * Pool<Connection> pool = Pool.builder(() -> connect(url)).name("orders-db").size(2, 16).validator(c -> c.isValid(1)).build();
 * try (Lease<Connection> lease = pool.acquire(Duration.ofSeconds(1))) {
 *   lease.get().commit();
 * }
 * }</pre>
 *
 * <p>Where other pools give the object itself to its user, who gives it back, a {@link leaksafe.Lease} is a fresh object that carries
 * the right to give back. So a second or late return cannot hand one object to two users; and when a lease becomes unreachable, the
 * pool knows that nobody will ever close it.
 *
 * <p><b>Why no ThreadLocal.</b> Affinity of threads to objects is worth a lot, and costs a leak for each thread that outlives the pool.
 * A small striped table of hints, chosen by the thread's identifier, gives the same speed, serves two objects a thread as well as
 * one, and does not care how many virtual threads there are.
 *
 * <p><b>What holds what.</b> The user's {@link leaksafe.pool.Pool} holds the opener, the validator and the reset action, which often capture
 * the object that holds the pool; the core behind it holds them weakly. What disposes of objects and who is told of leaks is
 * held by the core, and the core by the class of the user's opener, until the last object of the closed pool is gone: so a dropped pool, and the
 * dropped lease of a pool that is closed or dropped, can be noticed and cleaned up after, and all goes with the class loader at the latest.
 *
 * <p><b>State that threads share.</b>
 * <table>
 * <caption>Fields, modes and guards</caption>
 * <tr><th>field</th><th>read</th><th>written</th><th>guard</th></tr>
 * <tr><td>a slot's state</td><td>volatile, anybody</td><td>compare-and-set, or volatile by the owner of a busy slot</td><td>itself</td></tr>
 * <tr><td>a slot's object</td><td>acquire, before the state</td><td>release, the owner of the busy slot</td><td>the state</td></tr>
 * <tr><td>a slot's turns</td><td>after the state, anybody</td><td>the owner of the busy slot</td><td>the state</td></tr>
 * <tr><td>whether a turn's lease is closed</td><td>acquire, anybody</td><td>release, whoever closes it; only ever set</td>
 *     <td>none: a cell is used for one turn</td></tr>
 * <tr><td>a slot's latest lease</td><td>opaque, the upkeep and waiters</td><td>opaque, the owner; compare-and-set to null</td>
 *     <td>its stamp</td></tr>
 * <tr><td>a slot's watch</td><td>volatile, anybody</td><td>compare-and-set, each to a new one</td><td>itself</td></tr>
 * <tr><td>whether a slot is adrift</td><td>volatile, the upkeep</td><td>volatile by the owner of a busy slot; compare-and-set to adopt it</td>
 *     <td>itself</td></tr>
 * <tr><td>a slot's notes (site, next sample)</td><td>opaque, anybody</td><td>opaque, the owner; alarms</td><td>the state; reports only</td></tr>
 * <tr><td>number of live objects, of a key and in all</td><td>volatile</td><td>compare-and-set; up, with keys, under the lock</td>
 *     <td>itself; with keys {@code KeyedCore.deciding}</td></tr>
 * <tr><td>signs, head of the line</td><td>volatile, anybody</td><td>volatile, under the line's lock</td><td>the line's lock</td></tr>
 * <tr><td>links of the line</td><td colspan="2">under the line's lock</td><td>the line's lock</td></tr>
 * <tr><td>first of those who need room in all</td><td>volatile, anybody</td><td>volatile, under the lock</td>
 *     <td>{@code Total.lock}</td></tr>
 * <tr><td>slots, minimum, maximum</td><td>volatile, anybody</td><td>volatile, under the sizing lock</td><td>the sizing lock</td></tr>
 * <tr><td>the order of idle objects, with keys</td><td colspan="2">under the lock</td><td>{@code KeyedCore.deciding}</td></tr>
 * <tr><td>hints</td><td>acquire</td><td>release</td><td>none: any slot is a valid guess</td></tr>
 * </table>
 * No lock is taken inside another, but a line's inside {@code KeyedCore.deciding}, and a line's and the sizing lock inside
 * {@code KeyedCore.resizing}, and no code of users (opener, validator, reset, disposer, listeners) runs under any. A claim and a return take no
 * lock at all while nobody waits.
 */
@NullMarked
package leaksafe.pool;

import org.jspecify.annotations.NullMarked;
