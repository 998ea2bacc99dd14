package leaksafe.logging;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Diagnostic values (SLF4J's {@link MDC}) for the time of a block. In the end each value is removed, or the one that was there before is
 * set again, so that none stays behind in a thread of a pool. Unlike {@link MDC#putCloseable}, which removes the earlier value.
 *
 * <pre>{@code
 * try (MdcScope mdc = MdcScope.of("user", user).and("request", id)) {
 *   handle(request);
 * }
 * }</pre>
 *
 * <p><b>Nesting.</b> Scopes that set the same key are closed in the reverse order of their making, as blocks do; else the one that is closed last
 * sets back a value that should be gone.
 *
 * <p><b>Threads.</b> For the thread that made it.
 */
public final class MdcScope implements AutoCloseable {
  private final Thread thread = Thread.currentThread();
  private final Map<String, @Nullable String> before = new LinkedHashMap<>();
  private boolean closed;

  private MdcScope() {}

  /**
   * Sets a value until the result is closed.
   *
   * @throws NullPointerException if the key or the value is null; nothing is set then
   */
  public static MdcScope of(String key, String value) {
    return new MdcScope().and(key, value);
  }

  /**
   * Sets one more value until this is closed. If it cannot be set, this is closed: in the head of a {@code try} block nobody else could.
   *
   * @throws NullPointerException if the key or the value is null
   * @throws IllegalStateException if this is closed, or on another thread than the one that made this, which does not close it
   */
  public MdcScope and(String key, String value) {
    checkThread();
    if (closed) {
      throw new IllegalStateException("this MDC scope is closed; make another one for " + key);
    }
    try {
      set(requireNonNull(key, "key"), requireNonNull(value, "value"));
    } catch (Throwable e) {
      close();
      throw e;
    }
    return this;
  }

  private void set(String key, String value) {
    String earlier = MDC.get(key);
    if (!before.containsKey(key)) {
      before.put(key, earlier);
    }
    MDC.put(key, value);
  }

  private void checkThread() {
    if (thread != Thread.currentThread()) {
      throw new IllegalStateException("an MDC scope must be used by the thread that made it, " + thread.getName()
          + ", but this was thread " + Thread.currentThread().getName());
    }
  }

  /**
   * Removes the values, or sets the earlier ones again. Does nothing the second time.
   *
   * @throws IllegalStateException on another thread than the one that made this: the values cannot be removed from there
   */
  @Override
  public void close() {
    checkThread();
    if (closed) {
      return;
    }
    closed = true;
    before.forEach((key, earlier) -> {
      if (earlier == null) {
        MDC.remove(key);
      } else {
        MDC.put(key, earlier);
      }
    });
  }
}
