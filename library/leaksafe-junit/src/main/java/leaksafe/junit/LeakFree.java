package leaksafe.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import leaksafe.junit.internal.LeakFreeExtension;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/**
 * Runs a test, or all tests of a class, again and again and fails if something stays behind each time.
 *
 * <p>Works with JUnit 5.14 and newer and JUnit 6, and with {@code @Test}, {@code @ParameterizedTest}, {@code @RepeatedTest}, {@code @TestFactory},
 * {@code @Nested}. The test runs once as always. If it passes it is run {@link #warmUps} and then {@link #rounds} times more by JUnit's launcher,
 * each time with a new instance, all life cycle methods, those of the class included, and all other extensions. On a class, the class
 * runs as a whole. After each round the collector runs. The test fails if in all measured rounds
 * <ul>
 * <li>a container of leaksafe that is not bounded by a size has more entries, or there are more containers from one line;
 * <li>a class has more instances, there are more classes, or more thread-locals, and a path from a root shows that they stay;
 * <li>there are more threads;
 * <li>a tracker has more open resources or a pool more leases that are held;
 * </ul>
 * or if in any of them a tracker, pool, scope or owned executor found something that was dropped without being closed. The call sites of all
 * resources are captured meanwhile, whatever sampling they are set to. The report names lines: who opened, who started, where the field that
 * holds is used and where what stays is created.
 *
 * <p><b>Cost.</b> Two full collections a round, some 50 ms in a small heap; a failing test dumps the heap twice and takes seconds more.
 *
 * <p><b>Parallel tests.</b> Counts of the whole JVM mean nothing while other tests run. So the annotation takes JUnit's global resource lock:
 * if tests run in parallel, this one runs alone.
 *
 * <p>On a method that is no test, such as one with {@code @BeforeEach}, it does nothing: JUnit does not tell of it. Bad settings fail the test.
 *
 * <p><b>Not promised.</b> What stays once and does not grow, such as a value in a thread-local of the main thread, is not found; nor is what
 * other frameworks do in the same JVM at the same time told apart. Virtual threads are not seen. Needs HotSpot, and explicit collections ({@code
 * -XX:+DisableExplicitGC} is refused).
 *
 * {@snippet :
 * @Test
 * @LeakFree
 * void closing_a_view_leaves_nothing_behind() {
 *   try (View view = new View(bus)) {
 *     view.show();
 *   }
 * }
 * }
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@SuppressWarnings("exports") // JUnit alone uses the extension
@ExtendWith(LeakFreeExtension.class)
@ResourceLock(value = Resources.GLOBAL, mode = ResourceAccessMode.READ_WRITE)
public @interface LeakFree {

  /** Returns how often the test runs before anything is measured, so that what is made once is there; at least 1. Raise it for rings and pools that fill slowly. */
  int warmUps() default 3;

  /** Returns in how many rounds something must grow, each time, to be reported; at least 2. */
  int rounds() default 5;

  /**
   * Returns by how many bytes the live heap may be larger after the measured rounds; {@code -1}, unless set, for none at all. If it is set,
   * growing classes are reported only once the sum of all growth is above it. Below 100,000 it measures the JVM's own ups and downs. Containers,
   * threads and unclosed resources are reported whatever it says.
   */
  long retainedBytes() default -1;

  /** Returns beginnings of names of classes that may grow, such as {@code "com.acme.metrics."}; a path that leads through one is not reported. */
  String[] ignoredClasses() default {};
}
