/**
 * How {@code @LeakFree} comes to its verdict.
 *
 * <p><b>Rounds.</b> The test runs as always, once. Then the extension has JUnit's launcher run it again, alone, as often as the annotation says, each time with all
 * that belongs to it: the class's and the test's life cycle methods, other extensions, the arguments of this invocation of a parameterized
 * test. Calling the method again from an {@code InvocationInterceptor} would leave those out, and what the first round left in the instance
 * would look like a leak; a {@code TestTemplate} would exclude {@code @Test} and {@code @ParameterizedTest}.
 *
 * <p><b>Verdict.</b> After each round the collector runs and the counts of everything are compared. What grows in every measured round is a
 * suspect. Classes are suspects only: they are confirmed by two dumps of the heap with as many rounds between them, and reported if
 * a path from a root has one object more for each round. Threads are confirmed by further rounds under the eyes of the flight recorder, which knows
 * who started them. Leaks that trackers, pools and scopes find need no confirmation.
 *
 * <p>Nothing here keeps from one round to the next more than it kept before, or it would find itself: see {@link
 * leaksafe.junit.internal.Growing}.
 */
@NullMarked
package leaksafe.junit.internal;

import org.jspecify.annotations.NullMarked;
