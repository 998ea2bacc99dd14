package leaksafe.registry.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A concurrent map whose keys are held weakly and compared by identity. Looking up is lock-free and makes no object. The values are
 * held strongly until their key is collected and reaped.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public final class WeakTable<K, V> extends WeakBins<K> {
  private static final VarHandle VALUE;

  static {
    try {
      VALUE = MethodHandles.lookup().findVarHandle(Entry.class, "value", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Consumer<? super V> orphaned;

  /**
   * Creates an empty table.
   *
   * @param name of the container that the table belongs to, for messages
   */
  public WeakTable(String name) {
    this(name, value -> {});
  }

  /**
   * Creates an empty table.
   *
   * @param orphaned called by the reaper with the value of a collected key
   */
  public WeakTable(String name, Consumer<? super V> orphaned) {
    super(name);
    this.orphaned = orphaned;
  }

  /** A key and its value. */
  private static final class Entry<K, V> extends Node<K> {
    private V value;

    Entry(K key, int hash, WeakBins<K> table, V value) {
      super(key, hash, table);
      // Plain: published with the node.
      this.value = value;
    }

    @SuppressWarnings("unchecked") // what is in there was put in as such
    V value() {
      // Acquire: pairs with setValue, so that a reader sees what the value was made of.
      return (V) VALUE.getAcquire(this);
    }

    /** Called under the lock. */
    void setValue(V newValue) {
      // Release: publishes the value. Leaving the lock makes it visible to every read that begins after the write returned.
      VALUE.setRelease(this, newValue);
    }
  }

  /** Returns the value, or null if there is none. */
  public @Nullable V get(K key) {
    int hash = System.identityHashCode(key);
    Node<K>[] bins = bins();
    Node<K> node = find(bins, key, hash);
    if (node != null) {
      return entry(node).value();
    }
    return isMiss(bins) ? null : getLocking(key, hash);
  }

  private @Nullable V getLocking(K key, int hash) {
    Stripe stripe = stripe(hash);
    stripe.lock();
    try {
      Node<K> node = find(key, hash);
      return node == null ? null : entry(node).value();
    } finally {
      stripe.unlock();
    }
  }

  @SuppressWarnings("unchecked") // this class puts in nothing else
  private Entry<K, V> entry(Node<K> node) {
    return (Entry<K, V>) node;
  }

  /** Sets the value, and returns the one before, or null if there was none. */
  public @Nullable V put(K key, V value) {
    return put(key, value, false);
  }

  /** Sets the value unless there is one, and returns that, or null if there was none. */
  public @Nullable V putIfAbsent(K key, V value) {
    return put(key, value, true);
  }

  private @Nullable V put(K key, V value, boolean onlyIfAbsent) {
    int hash = System.identityHashCode(key);
    Stripe stripe = stripe(hash);
    stripe.lock();
    try {
      Node<K> node = find(key, hash);
      if (node != null) {
        V before = entry(node).value();
        if (!onlyIfAbsent) {
          entry(node).setValue(value);
        }
        return before;
      }
      insert(new Entry<>(key, hash, this, value));
    } finally {
      stripe.unlock();
    }
    fit(hash);
    return null;
  }

  /** Removes the key, and returns its value, or null if there was none. */
  public @Nullable V remove(K key) {
    return removeIf(key, null);
  }

  /** Removes the key if it has that very value, and returns whether it did. */
  public boolean remove(K key, V value) {
    return removeIf(key, value) != null;
  }

  private @Nullable V removeIf(K key, @Nullable V expected) {
    int hash = System.identityHashCode(key);
    Stripe stripe = stripe(hash);
    V before;
    stripe.lock();
    try {
      Node<K> node = find(key, hash);
      if (node == null || expected != null && entry(node).value() != expected) {
        return null;
      }
      before = entry(node).value();
      remove(node);
      node.clear(); // so that the collector need not enqueue it
    } finally {
      stripe.unlock();
    }
    fit(hash);
    return before;
  }

  /** Shows the keys with their values, outside the locks. An entry that is there all the time is shown exactly once. */
  public void forEach(BiConsumer<? super K, ? super V> action) {
    forEachNode(node -> {
      K key = node.get();
      if (key != null) {
        action.accept(key, entry(node).value());
      }
    });
  }

  /**
   * Looks at the entries in some of the bins, and removes those that meet the condition, which is asked outside the locks.
   *
   * @param from the first bin to look into: 0, or what the call before returned
   * @param bins how many bins to look into, at most
   * @param removed is shown the value of each removed entry, outside the locks
   * @return where to go on, or 0 if the round is over
   */
  public int removeIf(int from, int bins, BiPredicate<? super K, ? super V> condition, Consumer<? super V> removed) {
    return forEachNode(from, bins, node -> {
      K key = node.get();
      V value = entry(node).value();
      if (key != null && condition.test(key, value) && remove(key, value)) {
        removed.accept(value);
      }
    });
  }

  /** Returns the entries, opaque objects that can be shown to a heap audit: weak references with their value in a field. */
  public Object[] entries() {
    List<Object> all = new ArrayList<>();
    forEachNode(all::add);
    return all.toArray();
  }

  /** Removes one of the {@link #entries} if it still has its value, and shows the action what it was, outside the locks. */
  public void remove(Object entry, BiConsumer<? super K, ? super V> removed) {
    @SuppressWarnings("unchecked") // what came from entries()
    Entry<K, V> node = (Entry<K, V>) entry;
    K key = node.get();
    V value = node.value();
    if (key != null && remove(key, value)) {
      removed.accept(key, value);
    }
  }

  /** Closes the table for insertions, removes everything, and shows each value that it removed, outside the locks. */
  public void close(Consumer<? super V> action) {
    closeNodes(node -> {
      node.clear(); // so that the collector need not enqueue it
      action.accept(entry(node).value());
    });
  }

  @Override
  protected void collected(Node<K> node) {
    orphaned.accept(entry(node).value());
  }
}
