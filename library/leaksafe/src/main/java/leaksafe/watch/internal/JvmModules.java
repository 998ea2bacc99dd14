package leaksafe.watch.internal;

/**
 * Which of the JDK's modules are there that this package can do without. To be asked before a class that uses one is touched, for loading it
 * would fail.
 */
public final class JvmModules {
  private JvmModules() {}

  /** Returns whether {@code java.management} is there. */
  public static boolean hasManagement() {
    return has("java.management");
  }

  /** Returns whether {@code jdk.jfr} is there. */
  public static boolean hasFlightRecorder() {
    return has("jdk.jfr");
  }

  private static boolean has(String module) {
    return ModuleLayer.boot().findModule(module).isPresent();
  }
}
