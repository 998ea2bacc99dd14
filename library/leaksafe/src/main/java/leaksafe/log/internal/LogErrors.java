package leaksafe.log.internal;

import java.util.function.Consumer;

/** Makes whatever was thrown into what an {@link java.util.logging.ErrorManager} can be told, which is an exception. */
public final class LogErrors {

  private LogErrors() {}

  /** Returns the exception itself, or one whose cause is the error. */
  public static Exception exception(Throwable thrown) {
    // By the name of its class: its own text may fail.
    return thrown instanceof Exception exception ? exception : new IllegalStateException("an error: " + thrown.getClass().getName(), thrown);
  }

  /**
   * Reports what was thrown. A handler's own way to report takes exceptions of an error manager on itself, and not errors: those of whoever prints
   * the stack trace of an exception whose text fails, for one. They are told of on standard error.
   */
  public static void report(Throwable thrown, Consumer<Exception> errorManager) {
    JvmErrors.keepInterruption(thrown);
    try {
      errorManager.accept(exception(thrown));
    } catch (Throwable e) {
      JvmErrors.rethrow(e);
      System.err.println("an error manager failed to report " + thrown.getClass().getName() + ": " + e.getClass().getName());
    }
  }
}
