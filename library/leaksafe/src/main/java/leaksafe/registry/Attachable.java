package leaksafe.registry;

/**
 * An object with room for what registries hold on its account. The value lives in its key then and dies with it, even if the value
 * refers to the key: what other platforms call an ephemeron, and the JVM does not have.
 *
 * <p>It takes one field:
 *
 * <pre>{@code
 * final class Session implements Attachable {
 *   private final Attachments attachments = new Attachments();
 *
 *   @Override
 *   public Attachments attachments() {
 *     return attachments;
 *   }
 * }
 * }</pre>
 */
public interface Attachable {

  /** Returns this object's own attachments: always the same, and never those of another object. Must be quick and must not throw. */
  Attachments attachments();
}
