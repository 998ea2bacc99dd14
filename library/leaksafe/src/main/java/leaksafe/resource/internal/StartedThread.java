package leaksafe.resource.internal;

import org.jspecify.annotations.Nullable;

/**
 * A thread that was started through the library, and knows by whom: from before it is started until after it has ended. It inherits no thread-locals, which
 * would live as long as it does.
 */
class StartedThread extends Thread {
  /** How many frames of the starter's stack are kept. */
  static final int FRAMES = 8;

  private final Origin origin;

  /**
   * Where a thread comes from, as text.
   *
   * @param owner the scope or executor that it belongs to
   * @param site the stack that started it, innermost frame first
   */
  record Origin(String owner, String site) {}

  StartedThread(Runnable work, String name, Origin origin) {
    super(null, work, name, 0, false);
    this.origin = origin;
  }

  /** Returns where a thread comes from, or null if it was not started through the library. */
  static @Nullable Origin originOf(Thread thread) {
    return thread instanceof StartedThread started ? started.origin : null;
  }
}
