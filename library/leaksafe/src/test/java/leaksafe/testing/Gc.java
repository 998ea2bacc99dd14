package leaksafe.testing;

import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Real collections for tests: polls with {@link System#gc} until something holds, with a deadline. */
public final class Gc {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private Gc() {}

  /** Collects until the reference is cleared; fails at the deadline. */
  public static void awaitCleared(Reference<?> reference) {
    awaitCleared(List.of(reference));
  }

  /** Collects until all references are cleared; fails at the deadline with how many were not. */
  public static void awaitCleared(Collection<? extends Reference<?>> references) {
    await("all cleared", () -> references.stream().allMatch(r -> r.refersTo(null)),
        () -> references.stream().filter(r -> !r.refersTo(null)).count() + " of " + references.size() + " still referenced");
  }

  /** Collects until the condition holds; fails at the deadline. */
  public static void await(String what, BooleanSupplier condition) {
    await(what, condition, () -> "it never held");
  }

  private static void await(String what, BooleanSupplier condition, java.util.function.Supplier<String> state) {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(what + ": not within " + DEADLINE.toSeconds() + " s; " + state.get());
      }
      System.gc();
      pause();
    }
  }

  /** Waits without collecting until the condition holds; fails at the deadline. */
  public static void awaitWithoutGc(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(what + ": not within " + DEADLINE.toSeconds() + " s");
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while waiting", e);
    }
  }
}
