package leaksafe.resource.internal;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Who started the threads that are alive now and were started through the library. Texts by thread id: keeps no thread and no class. */
public final class StartedThreads {
  /** How many frames of the starter's stack are kept. */
  static final int FRAMES = 8;

  private static final ConcurrentMap<Long, Origin> ORIGINS = new ConcurrentHashMap<>();

  private StartedThreads() {}

  /**
   * Where a thread comes from.
   *
   * @param owner the scope or executor that it belongs to
   * @param site the stack that started it, innermost frame first
   */
  public record Origin(String owner, String site) {}

  static void started(Thread thread, String owner, String site) {
    ORIGINS.put(thread.getId(), new Origin(owner, site));
  }

  static void ended(Thread thread) {
    ORIGINS.remove(thread.getId());
  }

  /** Returns where a thread comes from, or null if it was not started through the library. */
  public static @Nullable Origin of(Thread thread) {
    return ORIGINS.get(thread.getId());
  }

  /** Returns how many there are, for tests. */
  static int count() {
    return ORIGINS.size();
  }
}
