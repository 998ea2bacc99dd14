package leaksafe.log.internal;

/** Which errors are the JVM's own and nobody's to hide. */
public final class JvmErrors {
  private JvmErrors() {}

  /** Throws it on if it is an error of the JVM, such as want of memory; an overflow of the stack is that of the code that ran. */
  public static void rethrow(Throwable thrown) {
    if (thrown instanceof VirtualMachineError error && !(thrown instanceof StackOverflowError)) {
      throw error;
    }
  }
}
