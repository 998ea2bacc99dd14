package leaksafe.event;

/**
 * The connection between a handler and what it was subscribed to. It ends with {@link #close}, with its owner, or with the bus or
 * topic, whichever comes first.
 *
 * <p>There is no need to keep it: the bus does, for as long as the owner is reachable. Keep it, or give it to a scope, to end the
 * connection sooner. An ended subscription refers to neither the owner, the handler nor the bus. As text it names the bus or topic, and the
 * classes of the owner and the events.
 *
 * <p><b>Threads.</b> Safe for use by many threads, also inside of the handler.
 */
public interface Subscription extends AutoCloseable {

  /** Returns whether this subscription has ended, because it was closed or because its owner was collected. */
  boolean isClosed();

  /**
   * Ends this subscription. Does nothing if it has ended already.
   *
   * <p>Once this has returned, the handler is not called any more by anything that happens afterwards: not by the rest of a
   * publication that is going on on this thread, not by a later publication on any thread, not by a task that waits on an executor.
   *
   * <p><b>Not promised.</b> That a call of the handler which another thread has begun already is waited for.
   */
  @Override
  void close();
}
