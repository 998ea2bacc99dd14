/**
 * The words that every room of the library uses.
 *
 * <p><b>Glossary.</b> An <em>owner</em> is the object whose life bounds another's. A <em>lease</em> is the right to use something
 * until the lease is closed. A <em>bound</em> is what limits a container: a size, a weight, a lifetime or a weak hold. What is
 * <em>tracked</em> is counted until it is closed. What is <em>retained</em> cannot be collected although nobody needs it. What is
 * <em>leaked</em> became unreachable without having been closed. What is <em>growing</em> has a larger floor after every
 * collection. A <em>removal cause</em> says why an entry left its container. A <em>site</em> is a line of the user's code, kept as
 * text and never as a class.
 *
 * <p><b>Floors.</b> This package knows nobody. {@code leaksafe.internal} is the engine (reaper, clock, call sites). The rooms
 * {@code cache}, {@code registry}, {@code resource}, {@code census} and {@code log} use both and not each other. Upstairs,
 * {@code memo} uses the cache and the registry, {@code event} the registry, {@code pool} the resources, {@code watch} the census. A test keeps it so.
 */
@NullMarked
package leaksafe;

import org.jspecify.annotations.NullMarked;
