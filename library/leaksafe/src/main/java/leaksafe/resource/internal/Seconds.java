package leaksafe.resource.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Seconds since the library was loaded, as of the last tick: reading them costs a plain load. Every tracker that has something open ticks them
 * about once a second, as a client of the reaper, which costs a hundredth of the wake-ups of the coarse clock; ages of leaks need no more.
 */
final class Seconds {
  private static final long ORIGIN = System.nanoTime();
  private static final VarHandle NOW;
  private static int now;

  static {
    try {
      NOW = MethodHandles.lookup().findStaticVarHandle(Seconds.class, "now", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Seconds() {}

  static int now() {
    // Opaque: no other data is published with the time.
    return (int) NOW.getOpaque();
  }

  static void tick(long nanoTime) {
    // Opaque: see now(). Two threads that tick at once write the same second, give or take one.
    NOW.setOpaque((int) TimeUnit.NANOSECONDS.toSeconds(nanoTime - ORIGIN));
  }

  /** Returns the time since a reading of which only the lowest bits were kept. */
  static Duration since(int reading, int bits) {
    return Duration.ofSeconds((now() - reading) & ((1 << bits) - 1));
  }
}
