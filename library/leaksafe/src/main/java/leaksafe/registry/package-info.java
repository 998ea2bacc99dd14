/**
 * Data that belongs to an object and dies with it, though the object's class knows nothing of it; sets, interners and values per thread
 * that keep nothing alive.
 *
 * <p><b>Why values live in their keys.</b> An entry of a weak map whose value refers to its key is never collected: the map holds the
 * value, and the value the key. Other platforms have ephemerons in the collector. The JVM has none, and what a library could do with
 * finalizers would clear other people's weak references to live objects. But a value that is stored in its key needs no help of the
 * collector. {@link leaksafe.registry.WeakRegistry} does so wherever a key has a place: its own field
 * ({@link leaksafe.registry.Attachable}), one that the user names ({@link leaksafe.registry.Host}), for a class a {@code ClassValue}, and
 * for a class loader a proxy class that is defined in it.
 *
 * <p><b>What else was decided.</b>
 * <ul>
 *   <li>Hosts are named in the builder of each registry. A table of hosts for the whole JVM would hold users' functions, and with them
 *       class loaders, in a static field.
 *   <li>Classes and loaders above the library's are kept in the table like any other key, where their values die with the registry.
 *       A value in such a class would live as long as the JVM. As these keys are never collected, a value may refer to them.
 *   <li>Enum constants are refused. A table could hold them, but their values would never be let go, and that is an {@code EnumMap}.
 *   <li>Keys that have a place are listed by the registry, weakly. It costs 48 bytes for each, and gives iteration, a count, and the
 *       slots back when the registry is closed or dropped.
 *   <li>{@link leaksafe.registry.PerThread} uses no {@code ThreadLocal} but a table by thread, which leaves nothing in the threads. Threads that ended are looked for every second, since a value that refers to
 *       its thread would hide it from the collector.
 * </ul>
 */
@NullMarked
package leaksafe.registry;

import org.jspecify.annotations.NullMarked;
