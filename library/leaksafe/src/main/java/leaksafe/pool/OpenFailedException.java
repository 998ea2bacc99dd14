package leaksafe.pool;

/** The pool's opener threw what is the cause. The pool lost no capacity by it. */
public final class OpenFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Makes the exception. */
  public OpenFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
