package leaksafe.log.internal;

/** What is nobody's to hide: which errors are the JVM's own, and that a thread was interrupted. */
public final class JvmErrors {
  private JvmErrors() {}

  /**
   * Throws it on if it is an error of the JVM, such as want of memory; an overflow of the stack is that of the code that ran. Of an interruption,
   * which some languages throw undeclared, the thread is told again.
   */
  public static void rethrow(Throwable thrown) {
    if (thrown instanceof VirtualMachineError error && !(thrown instanceof StackOverflowError)) {
      throw error;
    }
    keepInterruption(thrown);
  }

  /** Interrupts this thread if what was thrown says that it was. */
  public static void keepInterruption(Throwable thrown) {
    if (thrown instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
  }
}
