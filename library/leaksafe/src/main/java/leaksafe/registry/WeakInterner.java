package leaksafe.registry;

import java.util.Objects;
import leaksafe.internal.CallSite;
import leaksafe.internal.Containers;
import leaksafe.registry.internal.WeakEqualSet;
import org.jspecify.annotations.Nullable;

/**
 * Replaces equal objects by one of them, which it does not keep alive: as {@link String#intern}, for immutable objects of any class.
 *
 * <p>The representative lives as long as somebody other than the interner holds it. What is left of it here is let go within 250 ms of its
 * collection, unless some hundred thousand were collected at once.
 *
 * <p><b>Cost.</b> Looking up is lock-free, allocates nothing, and calls {@code equals} only where the hash codes are equal; it is O(1) if
 * they differ for most objects that differ. A representative takes about 48 bytes.
 * <p><b>Threads.</b> Safe for use by many threads: at any time there is at most one representative of equal objects. {@code equals} and
 * {@code hashCode} never run under a lock.
 *
 * @param <E> the type of the objects, which must not change in a way that {@code equals} can see
 */
public final class WeakInterner<E> implements AutoCloseable {
  private final WeakEqualSet<E> representatives;
  private final String name;

  @SuppressWarnings("unused") // held for the census, which holds it weakly
  private final Inventory inventory;
  private final Containers.Announcement announcement;

  private WeakInterner(String name, String site) {
    WeakEqualSet<E> set = new WeakEqualSet<>(name);
    this.name = name;
    representatives = set;
    inventory = new Inventory(name, "interner", site, "weak elements", set::estimatedSize);
    announcement = Containers.announce(inventory);
  }

  /** Creates an empty interner that is named by the line of code that creates it. */
  public static <E> WeakInterner<E> create() {
    String site = CallSite.capture();
    return new WeakInterner<>(Containers.defaultName("interner", site), site);
  }

  /** Creates an empty interner with a name for reports and messages. */
  public static <E> WeakInterner<E> create(String name) {
    return new WeakInterner<>(Objects.requireNonNull(name, "name"), CallSite.capture());
  }

  /**
   * Returns the representative of the objects that equal the sample: one that was interned before and lives, or else the sample.
   *
   * @throws IllegalStateException if the interner is closed and the sample has no representative
   */
  public E intern(E sample) {
    return representatives.findOrAdd(Objects.requireNonNull(sample, "sample"));
  }

  /** Returns the representative of the objects that equal the sample, or null if there is none. */
  public @Nullable E find(E sample) {
    return representatives.get(Objects.requireNonNull(sample, "sample"));
  }

  /** Returns about how many representatives there are. Those that were collected, but not yet noticed, count. */
  public long estimatedSize() {
    return representatives.estimatedSize();
  }

  /** Forgets the representatives. From now on nothing can be interned. Does nothing the second time. */
  @Override
  public void close() {
    representatives.close();
    announcement.withdraw();
  }

  /** Returns the name and the estimated size. */
  @Override
  public String toString() {
    return "WeakInterner[" + name + ", about " + estimatedSize() + " elements]";
  }
}
