/** The workshop of the pools. {@link leaksafe.pool} has the table of shared state. */
@NullMarked
package leaksafe.pool.internal;

import org.jspecify.annotations.NullMarked;
