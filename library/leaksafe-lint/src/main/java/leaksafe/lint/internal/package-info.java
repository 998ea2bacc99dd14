/** The run as a whole. */
@NullMarked
package leaksafe.lint.internal;

import org.jspecify.annotations.NullMarked;
