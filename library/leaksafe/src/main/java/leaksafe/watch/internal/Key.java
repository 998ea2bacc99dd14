package leaksafe.watch.internal;

import leaksafe.Container;
import org.jspecify.annotations.Nullable;

/**
 * What a series is of. Containers of one kind, name and site are one: a hundred small caches made by one line are one figure.
 *
 * <p>Not a record: the first record class that is asked for its generated {@code equals} stays in a cache of the JDK
 * ({@code java.lang.runtime.ObjectMethods}) for ever, and with it its class loader.
 */
final class Key {
  static final Key HEAP = new Key("heap", "heap", "");

  private final String kind;
  private final String name;
  private final String site;

  Key(String kind, String name, String site) {
    this.kind = kind;
    this.name = name;
    this.site = site;
  }

  static Key of(Container container) {
    return new Key(container.kind(), container.name(), container.creationSite());
  }

  /** Returns the key of the number of such containers. */
  Key number() {
    return new Key("number of " + kind + " instances", name, site);
  }

  String kind() {
    return kind;
  }

  String name() {
    return name;
  }

  String site() {
    return site;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Key that && kind.equals(that.kind) && name.equals(that.name) && site.equals(that.site);
  }

  @Override
  public int hashCode() {
    return (kind.hashCode() * 31 + name.hashCode()) * 31 + site.hashCode();
  }
}
