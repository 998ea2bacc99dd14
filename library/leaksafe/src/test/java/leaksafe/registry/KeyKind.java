package leaksafe.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The kinds of keys by the place of their values, for tests that hold for each. */
enum KeyKind {
  PLAIN(false, Plain::new),
  ATTACHABLE(true, Own::new),
  HOSTED(true, Foreign::new),
  CLASS(true, () -> new Child().define()),
  CLASS_LOADER(true, Child::new);

  /** Whether the value of such a key may refer to it. */
  final boolean livesInKey;

  private final Supplier<Object> fresh;

  KeyKind(boolean livesInKey, Supplier<Object> fresh) {
    this.livesInKey = livesInKey;
    this.fresh = fresh;
  }

  Object key() {
    return fresh.get();
  }

  static <V> WeakRegistry.Builder<Object, V> builder() {
    return WeakRegistry.<Object, V>builder()
        .host(Foreign.class, Host.of(key -> key.attributes.get("place"), (key, a) -> key.attributes.put("place", a)));
  }

  static class Plain {}

  static class Own implements Attachable {
    private final Attachments attachments = new Attachments();

    @Override
    public Attachments attachments() {
      return attachments;
    }
  }

  static class Foreign {
    final Map<String, Object> attributes = new ConcurrentHashMap<>();
  }

  /** What a class loader of its own defines. */
  public static class Plugin {}

  static class Child extends ClassLoader {
    Child() {
      super(Child.class.getClassLoader());
    }

    Class<?> define() {
      try (InputStream in = Plugin.class.getResourceAsStream("KeyKind$Plugin.class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(Plugin.class.getName(), bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A value that may refer to its key, with some weight. */
  static final class Value {
    final Object key;
    final byte[] weight = new byte[256];

    Value(Object key) {
      this.key = key;
    }
  }
}
