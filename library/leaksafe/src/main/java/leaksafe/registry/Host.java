package leaksafe.registry;

import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The place in objects of somebody else's type where a registry may leave {@link Attachments}: an attribute of a servlet session, a
 * client property of a Swing component, the user data of a scene graph's node. With it, values live in such keys as they live in
 * {@link Attachable} ones.
 *
 * <pre>{@code
 * WeakRegistry<JComponent, Tooltip> tooltips = WeakRegistry.<JComponent, Tooltip>builder()
 *     .host(JComponent.class, Host.of(c -> c.getClientProperty(PLACE), (c, a) -> c.putClientProperty(PLACE, a)))
 *     .build();
 * }</pre>
 *
 * <p><b>Threads.</b> Both methods are called by the threads that use the registry, never under a lock. The library sees to it that of
 * several threads that find a key without attachments one alone writes them.
 *
 * @param <K> the type of the objects
 */
public interface Host<K> {

  /** Returns what was written for the key, or null if nothing was. */
  @Nullable Attachments read(K key);

  /** Writes attachments into the key, from where they are read for the rest of the key's life. */
  void write(K key, Attachments attachments);

  /**
   * Returns the host that consists of two functions.
   *
   * @param reader returns what was written, or null
   * @param writer writes
   */
  static <K> Host<K> of(Function<? super K, ? extends @Nullable Object> reader, BiConsumer<? super K, ? super Attachments> writer) {
    Objects.requireNonNull(reader, "reader");
    Objects.requireNonNull(writer, "writer");
    return new Host<>() {
      @Override
      public @Nullable Attachments read(K key) {
        Object read = reader.apply(key);
        if (read == null || read instanceof Attachments) {
          return (Attachments) read;
        }
        throw new IllegalStateException("the host of a " + key.getClass().getName() + " read a " + read.getClass().getName()
            + ", must be Attachments or null: is its place used by something else?");
      }

      @Override
      public void write(K key, Attachments attachments) {
        writer.accept(key, attachments);
      }
    };
  }
}
