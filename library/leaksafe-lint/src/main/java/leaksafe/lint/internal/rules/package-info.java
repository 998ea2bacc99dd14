/** The rules: one class for each fault. */
@NullMarked
package leaksafe.lint.internal.rules;

import org.jspecify.annotations.NullMarked;
