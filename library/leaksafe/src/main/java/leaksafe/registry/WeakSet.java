package leaksafe.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import leaksafe.internal.CallSite;
import leaksafe.internal.Containers;
import leaksafe.registry.internal.WeakIdentitySet;

/**
 * A set that does not keep its elements alive, compared by identity: all the open windows, all the sessions there are.
 *
 * <p>Unlike a set made from a {@code WeakHashMap}, it may be used by many threads, lets go of dead elements though nobody uses it, and
 * does not call {@code equals}. The classes that {@link WeakRegistry} refuses as keys are refused as elements.
 *
 * <p><b>Cost.</b> Looking up is O(1), lock-free and allocates nothing. An element takes about 48 bytes.
 * <p><b>Threads.</b> Safe for use by many threads. Users' code never runs under a lock.
 *
 * @param <E> the type of the elements
 */
public final class WeakSet<E> implements AutoCloseable {
  private final WeakIdentitySet<E> elements;
  private final String name;

  @SuppressWarnings("unused") // held for the census, which holds it weakly
  private final Inventory inventory;
  private final Containers.Announcement announcement;

  private WeakSet(String name, String site) {
    WeakIdentitySet<E> set = new WeakIdentitySet<>(name);
    this.name = name;
    elements = set;
    inventory = new Inventory(name, "set", site, "weak elements", set::estimatedSize);
    announcement = Containers.announce(inventory);
  }

  /** Creates an empty set that is named by the line of code that creates it. */
  public static <E> WeakSet<E> create() {
    String site = CallSite.capture();
    return new WeakSet<>(Containers.defaultName("set", site), site);
  }

  /** Creates an empty set with a name for reports and messages. */
  public static <E> WeakSet<E> create(String name) {
    return new WeakSet<>(Objects.requireNonNull(name, "name"), CallSite.capture());
  }

  /**
   * Adds the element, and returns whether it was not in the set.
   *
   * @throws IllegalArgumentException if the element is of a class that is refused
   * @throws IllegalStateException if the set is closed
   */
  public boolean add(E element) {
    Objects.requireNonNull(element, "element");
    if (!(element instanceof Attachable)) {
      KeyRules.check(name, element);
    }
    return elements.add(element);
  }

  /** Returns whether that very object is in the set. */
  public boolean contains(E element) {
    return elements.contains(Objects.requireNonNull(element, "element"));
  }

  /** Removes that very object, and returns whether it was in the set. */
  public boolean remove(E element) {
    return elements.remove(Objects.requireNonNull(element, "element"));
  }

  /**
   * Shows the elements that live, in no order. One that is there all the time is shown exactly once, one that comes or goes meanwhile at
   * most once. The action may use the set.
   */
  public void forEach(Consumer<? super E> action) {
    elements.forEach(Objects.requireNonNull(action, "action"));
  }

  /** Returns the elements that live now. The list holds them strongly: do not keep it. */
  public List<E> snapshot() {
    List<E> list = new ArrayList<>();
    elements.forEach(list::add);
    return list;
  }

  /** Returns about how many elements there are. Those that were collected, but not yet noticed, count. */
  public long estimatedSize() {
    return elements.estimatedSize();
  }

  /** Removes all elements. From now on the set is empty, and none can be added. Does nothing the second time. */
  @Override
  public void close() {
    elements.close();
    announcement.withdraw();
  }

  /** Returns the name and the estimated size. */
  @Override
  public String toString() {
    return "WeakSet[" + name + ", about " + estimatedSize() + " elements]";
  }
}
