package leaksafe.registry;

/**
 * What a {@link WeakRegistry} does with a value from which its key can be reached, where the value does not live in the key. Such an
 * entry is never let go: the registry holds the value, the value holds the key.
 *
 * <p>The check follows fields, captures and containers up to a bound, so it is a guard and not a proof. It cannot look into classes of a named
 * module that does not open their package to the module {@code leaksafe}: the first value of such a class is reported to the registry's failure
 * listener. An object of such a class that is reached from a value is passed over, and not reported.
 */
public enum CyclePolicy {
  /** The value is refused with an {@link IllegalArgumentException} that names the path. The default. */
  REJECT,
  /** The value is stored, and each new path is reported once to the registry's failure listener, up to 64 paths. */
  WARN,
  /** The value is stored, and not looked at. */
  ALLOW
}
