/** The workshop of {@code leaksafe.log}. Nothing in it is shared between threads. Not exported. */
@NullMarked
package leaksafe.log.internal;

import org.jspecify.annotations.NullMarked;
