/**
 * For tests: {@link leaksafe.junit.LeakFree} says what a test leaves behind, {@link leaksafe.junit.LeakAssertions} what is collected, and a
 * {@link leaksafe.junit.FakeTicker} is time that a test moves. All but the annotation work with any test framework.
 */
@NullMarked
package leaksafe.junit;

import org.jspecify.annotations.NullMarked;
