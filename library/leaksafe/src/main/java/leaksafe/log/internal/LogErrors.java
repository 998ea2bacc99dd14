package leaksafe.log.internal;

/** Makes whatever was thrown into what an {@link java.util.logging.ErrorManager} can be told, which is an exception. */
public final class LogErrors {

  private LogErrors() {}

  /** Returns the exception itself, or one whose cause is the error. */
  public static Exception exception(Throwable thrown) {
    return thrown instanceof Exception exception ? exception : new IllegalStateException("an error: " + thrown, thrown);
  }
}
