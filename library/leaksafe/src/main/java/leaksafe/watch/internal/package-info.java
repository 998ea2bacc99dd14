/** The workshop of {@link leaksafe.watch}. */
@NullMarked
package leaksafe.watch.internal;

import org.jspecify.annotations.NullMarked;
