package leaksafe.resource;

/**
 * The record of one open resource. The resource closes it when it is closed itself; if the resource becomes unreachable before, it
 * is a leak. Keep it in a field of the resource.
 *
 * <p><b>Threads.</b> Safe for use by many threads.
 */
public interface Tracked extends AutoCloseable {

  /**
   * Notes where the resource has been, for the report: {@code hint} together with the line that called this. Kept are the first and
   * the seven newest notes, each cut at 200 characters. Does nothing if the resource's call site was not sampled or it is closed;
   * costs about a microsecond otherwise.
   */
  void touch(String hint);

  /** Returns whether {@link #close} was not called yet and the resource was not found leaked. */
  boolean isOpen();

  /**
   * Says that the resource was closed properly, and runs its cleanup action if it has one: on this thread, and its exception is
   * thrown to the caller. Only the first call does anything.
   */
  @Override
  void close();
}
