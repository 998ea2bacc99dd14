package leaksafe.junit;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import leaksafe.junit.internal.Chains;
import org.jspecify.annotations.Nullable;

/**
 * Assertions about what the garbage collector can let go. What fails shows the paths from roots to the object, which are found in a dump of the
 * heap and take a second or more.
 *
 * <p>They call {@link System#gc} again and again until the object is gone or the time is over: where explicit collections are disabled
 * ({@code -XX:+DisableExplicitGC}) they fail.
 */
public final class LeakAssertions {
  private static final Duration USUAL = Duration.ofSeconds(10);
  private static final long PAUSE_MILLIS = 10;

  private LeakAssertions() {}

  /**
   * Makes an object, lets go of it, and fails if something else still holds it after 10 seconds of collections.
   *
   * <p>Make the object inside the supplier: a variable of the test that holds it, even one that is not used any more, may keep it.
   *
   * @param maker makes the object and does with it what is under test; returns the object
   * @throws AssertionError if it is not collected; the message names its class and what holds it
   * @throws NullPointerException if the maker is null or makes null
   */
  public static void assertCollected(Supplier<?> maker) {
    Objects.requireNonNull(maker, "maker");
    Made made = make(maker);
    assertCollected(made.reference, made.type, USUAL);
  }

  /**
   * Fails if the object of the reference is not collected within the time.
   *
   * @param reference a weak reference to the object, of which the caller must hold nothing else
   * @throws AssertionError if it is not collected; the message names its class and what holds it
   */
  public static void assertCollected(Reference<?> reference, Duration within) {
    Objects.requireNonNull(reference, "reference");
    if (within.isNegative() || within.isZero()) {
      throw new IllegalArgumentException("within must be positive, but was " + within);
    }
    assertCollected(reference, typeOf(reference), within);
  }

  private static void assertCollected(Reference<?> reference, String type, Duration within) {
    try {
      long deadline = System.nanoTime() + within.toNanos();
      while (!reference.refersTo(null)) {
        if (System.nanoTime() - deadline > 0) {
          throw new AssertionError("an object of " + type + " must be collected, but is still held after " + within.toMillis()
              + " ms of collections, by\n" + chains(reference));
        }
        System.gc();
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for a collection", e);
    }
  }

  private static String chains(Reference<?> reference) throws InterruptedException {
    @Nullable Object object = reference.get();
    return object == null ? "nothing any more: it was collected just now" : Chains.to(object);
  }

  private record Made(WeakReference<?> reference, String type) {}

  /** In a frame of its own, so that no local variable of a waiting method holds the object. */
  private static Made make(Supplier<?> maker) {
    Object object = Objects.requireNonNull(maker.get(), "the maker made null");
    return new Made(new WeakReference<>(object), object.getClass().getTypeName());
  }

  private static String typeOf(Reference<?> reference) {
    @Nullable Object object = reference.get();
    return object == null ? "a class that is not known any more" : object.getClass().getTypeName();
  }
}
