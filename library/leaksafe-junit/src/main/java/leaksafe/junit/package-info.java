/** For tests: assertions about what is collected, and a ticker that a test moves. They work with any test framework. */
@NullMarked
package leaksafe.junit;

import org.jspecify.annotations.NullMarked;
