package leaksafe.resource;

/** Something to do when a scope ends. */
@FunctionalInterface
public interface CleanupAction {

  /**
   * Does it.
   *
   * @throws Exception whatever goes wrong; the scope keeps it and goes on closing
   */
  void run() throws Exception;
}
