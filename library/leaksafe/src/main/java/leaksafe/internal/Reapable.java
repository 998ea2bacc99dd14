package leaksafe.internal;

/**
 * A reference on the reaper's queue. When the collector has cleared and enqueued it, the reaper calls {@link #reap} once.
 *
 * <p>A reference must be created with {@link Reaper#queue()}, and something must be registered with the reaper for as long as such
 * references matter, or no thread polls the queue.
 */
public interface Reapable {

  /** Lets go of what belonged to the collected object. Must be short and must not call users' code; what it throws is logged. */
  void reap();
}
