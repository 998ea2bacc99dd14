package leaksafe.heap.internal;

import org.jspecify.annotations.Nullable;

/** Where an object hangs while a dump is made that is to explain it. A dump finds it by the name of this class. */
public final class Marked {
  static final String CLASS = Marked.class.getName();
  static final String FIELD = "target";

  /** The object; written and read under the lock of whoever dumps. */
  @SuppressWarnings("unused") // Read in the dump.
  private static volatile @Nullable Object target;

  private Marked() {}

  /** Hangs up an object, or null to let go of it. */
  public static void set(@Nullable Object object) {
    target = object;
  }
}
