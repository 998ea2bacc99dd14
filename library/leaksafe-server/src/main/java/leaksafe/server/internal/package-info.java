/** The workshop behind {@link leaksafe.server}. Not exported. */
@NullMarked
package leaksafe.server.internal;

import org.jspecify.annotations.NullMarked;
