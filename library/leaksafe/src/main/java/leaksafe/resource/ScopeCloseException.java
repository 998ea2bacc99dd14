package leaksafe.resource;

/**
 * Something failed with a checked exception while a scope was closed. The {@linkplain #getCause() cause} is the first failure, the
 * {@linkplain #getSuppressed() suppressed} exceptions are the further ones, in the order in which they happened.
 */
public final class ScopeCloseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message which scope, and how many of its parts failed
   * @param first the first failure
   */
  public ScopeCloseException(String message, Throwable first) {
    super(message, first);
  }
}
