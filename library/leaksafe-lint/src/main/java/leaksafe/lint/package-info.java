/** The lint: what to read, what to report, and how to fail a test on it. */
@NullMarked
package leaksafe.lint;

import org.jspecify.annotations.NullMarked;
