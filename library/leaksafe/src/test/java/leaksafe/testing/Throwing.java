package leaksafe.testing;

import java.io.IOException;
import java.util.stream.Stream;

/** What callbacks throw in tests, declared or not. */
public final class Throwing {
  private Throwing() {}

  /** Returns one of each kind: checked, unchecked, an error of the program, one of the JVM. */
  public static Stream<Throwable> kinds() {
    return Stream.of(new IOException("on purpose"), new IllegalStateException("on purpose"), new AssertionError("on purpose"),
        new StackOverflowError("on purpose"));
  }

  /** Throws anything, where the compiler expects nothing. Never returns; {@code throw raise(e)} tells the compiler so. */
  public static RuntimeException raise(Throwable thrown) {
    return Throwing.<RuntimeException>sneak(thrown);
  }

  @SuppressWarnings("unchecked")
  private static <X extends Throwable> RuntimeException sneak(Throwable thrown) throws X {
    throw (X) thrown;
  }
}
