package leaksafe.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How often call sites are captured where nobody says so, and the switch by which a test has all of them captured.
 *
 * <p>The switch holds for every tracker and pool of this copy of the library, those that exist already included, whatever they were
 * built with: a resource that leaks in a test is nearly always opened through a static field that was built before the test began.
 */
public final class Sampling {
  /** The system property with the usual rate: one of so many, 1 for all, 0 for none. */
  public static final String PROPERTY = "leaksafe.sampling";

  private static final int USUAL = 128;
  private static final VarHandle FORCED;
  private static int forced; // how many want all sites now

  static {
    try {
      FORCED = MethodHandles.lookup().findStaticVarHandle(Sampling.class, "forced", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Sampling() {}

  /** Somebody who wants all call sites, until this is closed. */
  public static final class All implements AutoCloseable {
    private final AtomicBoolean closed = new AtomicBoolean();

    private All() {
      FORCED.getAndAdd(1); // volatile: what is opened after this call is seen with its site
    }

    /** Ends the wish. Does nothing the second time. */
    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        FORCED.getAndAdd(-1);
      }
    }
  }

  /** Has every call site captured until the result is closed. Several may want that at once; the last one to close ends it. */
  public static All captureAll() {
    return new All();
  }

  /** Returns whether every call site is to be captured now. A plain load: for hot paths. */
  public static boolean capturesAll() {
    // Opaque: nothing is published with it, and who opens something on another thread than the switch's sees it soon enough.
    return (int) FORCED.getOpaque() != 0;
  }

  /**
   * Returns how often call sites are captured where nobody says so: what the system property says, or else for one of 128.
   *
   * @throws IllegalArgumentException if the property is not a number from 0
   */
  public static int usual() {
    String text = System.getProperty(PROPERTY);
    if (text == null) {
      return USUAL;
    }
    try {
      return check("the system property " + PROPERTY, Integer.parseInt(text.trim()));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "the system property " + PROPERTY + " must be a number from 0 (1 for all call sites), but was '" + text + "'", e);
    }
  }

  /** Returns the rate if it is one, and throws an {@link IllegalArgumentException} if it is negative. */
  public static int check(String name, int every) {
    if (every < 0) {
      throw new IllegalArgumentException(name + " must be at least 0 (1 for all call sites, 0 for none), but was " + every);
    }
    return every;
  }
}
