package leaksafe.resource;

/**
 * Lets go of an object: {@code Server::stop}, {@code connection -> connection.logout()}.
 *
 * @param <T> the type of the object
 */
@FunctionalInterface
public interface Closer<T> {

  /**
   * Lets go of the object. Called at most once for each time that the object was given to a scope.
   *
   * @throws Exception whatever goes wrong; the scope keeps it and goes on closing
   */
  void close(T object) throws Exception;
}
