package leaksafe;

/**
 * A container that is bounded had no lease to give in time. The message shows how many were leased and idle, how many threads waited,
 * and the oldest lease with the line that took it.
 */
public final class AcquireTimeoutException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Makes the exception. */
  public AcquireTimeoutException(String message) {
    super(message);
  }
}
