/** Finds class files in directories and jars. */
@NullMarked
package leaksafe.lint.internal.load;

import org.jspecify.annotations.NullMarked;
