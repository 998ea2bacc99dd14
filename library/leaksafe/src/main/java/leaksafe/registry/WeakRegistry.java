package leaksafe.registry;

import java.io.IOException;
import java.lang.ref.Reference;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import leaksafe.FailureListener;
import leaksafe.internal.CallSite;
import leaksafe.internal.Containers;
import leaksafe.registry.internal.Parts;
import leaksafe.registry.internal.Turns;
import leaksafe.registry.internal.WeakTable;
import org.jspecify.annotations.Nullable;

/**
 * Extra data for objects whose classes know nothing of it. An entry lives exactly as long as its key, whose identity counts, not its
 * {@code equals}.
 *
 * <p>Unlike {@code WeakHashMap} and every other weak map for the JVM, it copes with values that refer to their key. Where the key has a
 * place for it, the value lives <em>in the key</em>, and both are collected together, as with the ephemerons of other platforms. This is
 * so for keys
 * <ul>
 *   <li>that are {@link Attachable}, which takes one field;
 *   <li>of a type for which the builder was given a {@link Host};
 *   <li>that are classes or class loaders, if the library's own loader is theirs or an ancestor of it.
 * </ul>
 * For other keys the registry has a table of weak references. A value that reaches its key would keep it for ever there, so it is looked
 * for a path, within a bound, when a value is put in, and done what the {@link CyclePolicy} says.
 *
 * <p>Strings, boxed numbers, records, enum constants, lambdas, reflected members and objects of value-based classes are refused as keys, unless
 * they have a place for values.
 *
 * <p><b>Release.</b> Values in the table are let go within 250 ms of the collection of their key, though nobody uses the registry, unless some
 * hundred thousand keys were collected at once: it takes about 1 us for each, on one thread for the whole JVM. A registry that is dropped
 * without being closed lets go of all its values, also of those in keys that live on.
 *
 * <p><b>Cost.</b> Looking up is O(1), lock-free and allocates nothing, but for a key without a value while the table is resized, which waits for
 * that; a value that lives in an attachable key is found in half of the time. An entry in the table takes about 56 bytes, one in an attachable key
 * about 80, the key's {@code Attachments} included. Putting a value into the table takes the time of the search for a path: nothing to speak of
 * for values without references, up to some 20 microseconds for large graphs.
 *
 * <p><b>Threads.</b> Safe for use by many threads. What a thread did before it put a value in happens-before another's use of the value
 * that it got. Users' code never runs under a lock.
 *
 * <p><b>Not promised.</b> That a cycle is found which the check cannot see: beyond its bound, or in classes whose module does not open their
 * package to {@code leaksafe}; {@link #repair} finds them with a heap dump. That a registry is collected as long as a value in a living key
 * refers to it: the key keeps the value, and the value the registry.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public final class WeakRegistry<K, V> implements AutoCloseable {
  private final Places places;
  private final CycleCheck cycles;
  private final Turns turns;
  private final WeakTable<K, V> table;
  private final Roster roster;
  private final String name;

  @SuppressWarnings("unused") // held for the census, which holds it weakly
  private final Inventory inventory;
  private final Containers.@Nullable Announcement announcement; // null if this is a part of a container that makes itself known
  private final GivingBack givingBack;

  private WeakRegistry(Builder<K, V> builder) {
    String site = CallSite.capture();
    String given = builder.name;
    name = given == null ? Containers.defaultName("registry", site) : given;
    places = new Places(builder.hosts);
    cycles = new CycleCheck(name, builder.onCycle, builder.failureListener);
    turns = new Turns(name);
    WeakTable<K, V> weak = new WeakTable<>(name);
    Roster listed = new Roster(name);
    table = weak;
    roster = listed;
    inventory = new Inventory(name, "registry", site, "weak keys", () -> weak.estimatedSize() + listed.estimatedSize());
    announcement = builder.isPart ? null : Containers.announce(inventory);
    givingBack = GivingBack.when(this, listed);
  }

  /** Returns a builder of a registry. */
  public static <K, V> Builder<K, V> builder() {
    return new Builder<>();
  }

  /** Returns the key's value, or null if there is none or the registry is closed. */
  public @Nullable V get(K key) {
    Objects.requireNonNull(key, "key");
    if (!places.isIn(key)) {
      return table.get(key);
    }
    Attachments attachments = places.find(key);
    V value = attachments == null ? null : cast(roster.get(attachments, key));
    Reference.reachabilityFence(this); // or its slots may be given back, and the value be gone, while it is looked for
    return value;
  }

  /**
   * Gives the key a value, and returns the one before, or null if there was none.
   *
   * @throws IllegalArgumentException if the key is of a class that is refused, or the value reaches its key and is to be rejected
   * @throws IllegalStateException if the registry is closed
   */
  public @Nullable V put(K key, V value) {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
    try {
      if (places.isIn(key)) {
        return cast(roster.put(places.findOrAdd(key), key, value));
      }
      KeyRules.check(name, key);
      cycles.check(key, value);
      return table.put(key, value);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /**
   * Gives the key a value unless it has one, and returns the one that it has, or null if there was none.
   *
   * @throws IllegalArgumentException if the key is of a class that is refused, or the value reaches its key and is to be rejected
   * @throws IllegalStateException if the registry is closed
   */
  public @Nullable V putIfAbsent(K key, V value) {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
    try {
      if (places.isIn(key)) {
        return cast(roster.putIfAbsent(places.findOrAdd(key), key, value));
      }
      KeyRules.check(name, key);
      cycles.check(key, value);
      return table.putIfAbsent(key, value);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /**
   * Returns the key's value, which is made by the function if there is none.
   *
   * <p>Of several threads that want the value of one key, one runs its function and the others wait for it. Other keys are not
   * affected, and no lock is held meanwhile, so the function may use this registry, for other keys also by this method. If the function
   * throws, the exception goes to the caller and nothing is stored; a thread that waited then runs its own function. If another
   * thread {@linkplain #put puts} a value in meanwhile, that one stays and is returned.
   *
   * @throws IllegalArgumentException if the key is of a class that is refused, or the value reaches its key and is to be rejected
   * @throws IllegalStateException if the registry is closed, or the function asks for the very value that it is to make, on this thread
   *     or by way of others
   * @throws NullPointerException if the function returns null
   */
  public V computeIfAbsent(K key, Function<? super K, ? extends V> function) {
    Objects.requireNonNull(function, "function");
    V value = get(key);
    while (value == null) {
      if (turns.enter(key)) {
        try {
          return compute(key, function);
        } finally {
          turns.leave(key);
        }
      }
      value = get(key);
    }
    return value;
  }

  private V compute(K key, Function<? super K, ? extends V> function) {
    V value = get(key); // it may have come before it was our turn
    if (value != null) {
      return value;
    }
    if (!places.isIn(key)) {
      KeyRules.check(name, key);
    }
    table.requireOpen();
    V made = Objects.requireNonNull(function.apply(key),
        () -> name + ": the function returned null for a " + key.getClass().getName() + ", must return a value");
    V other = putIfAbsent(key, made);
    return other == null ? made : other;
  }

  /** Removes the key's value, and returns it, or null if there was none. */
  public @Nullable V remove(K key) {
    Objects.requireNonNull(key, "key");
    if (!places.isIn(key)) {
      return table.remove(key);
    }
    Attachments attachments = places.find(key);
    V removed = attachments == null ? null : cast(roster.remove(attachments, key, null));
    Reference.reachabilityFence(this);
    return removed;
  }

  /** Removes the key's value if it is that very object, and returns whether it was. */
  public boolean remove(K key, V value) {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
    if (!places.isIn(key)) {
      return table.remove(key, value);
    }
    Attachments attachments = places.find(key);
    boolean removed = attachments != null && roster.remove(attachments, key, value) != null;
    Reference.reachabilityFence(this);
    return removed;
  }

  /**
   * Shows the entries whose keys live, in no order. An entry that is there all the time is shown exactly once, one that comes or goes
   * meanwhile at most once. The action may use the registry.
   */
  public void forEach(BiConsumer<? super K, ? super V> action) {
    Objects.requireNonNull(action, "action");
    table.forEach(action);
    roster.forEach((key, value) -> action.accept(cast(key), cast(value)));
    Reference.reachabilityFence(this);
  }

  /** Returns about how many entries there are. Those whose keys were collected, but not yet noticed, count. */
  public long estimatedSize() {
    return table.estimatedSize() + roster.estimatedSize();
  }

  /**
   * Removes the entries whose values alone keep their keys, which would otherwise stay as long as the registry: those that the check at
   * put time could not see. To nobody but this registry are such keys reachable, so that this does what an ephemeron would do.
   *
   * <p>Values are not moved into their keys instead: whether a key has a place is a matter of its class and of the hosts that the builder was
   * given, and a value whose key has one was put there at once. What is outside of keys has no better place, and since nobody can ask for
   * such a key again, nothing is lost with its value.
   *
   * <p>With leaksafe-heap it is {@code registry.repair(new HeapInspector()::selfKeeping, (key, value) -> {})}. All entries outside
   * of keys are held until the audit is over, which stops the JVM for the time of a heap dump.
   *
   * <p><b>Not promised.</b> That a key is still unreachable when its entry is removed: while the audit runs it may be got from
   * a weak reference, or from {@link #forEach}. The action learns of each removed entry, and may put it back.
   *
   * @param audit says which entries keep their keys
   * @param removed is shown what was removed
   * @return how many entries were removed
   */
  public long repair(CycleAudit audit, BiConsumer<? super K, ? super V> removed) throws IOException, InterruptedException {
    Objects.requireNonNull(audit, "audit");
    Objects.requireNonNull(removed, "removed");
    Object[] entries = table.entries();
    BitSet keeping = audit.selfKeeping(entries);
    long[] count = new long[1];
    for (int i = keeping.nextSetBit(0); i >= 0; i = keeping.nextSetBit(i + 1)) {
      table.remove(entries[i], (key, value) -> {
        count[0]++;
        removed.accept(key, value);
      });
    }
    return count[0];
  }

  /**
   * Returns whether a value of this key would live in the key, so that it may refer to the key: whether the key is
   * {@link Attachable}, has a host, or is a class or class loader below the library's.
   */
  public boolean livesInKey(K key) {
    Objects.requireNonNull(key, "key");
    return places.isIn(key);
  }

  /**
   * Lets go of all values, also of those in living keys. From now on there are no entries, and none can be put in. Does nothing the
   * second time.
   */
  @Override
  public void close() {
    table.close(value -> {});
    roster.close();
    givingBack.cancel();
    if (announcement != null) {
      announcement.withdraw();
    }
  }

  /** Returns the name and the estimated size. */
  @Override
  public String toString() {
    return "WeakRegistry[" + name + ", about " + estimatedSize() + " entries]";
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // what comes back is what a caller put in as a K or V, or null where that is said
  private static <T> T cast(@Nullable Object object) {
    return (T) object;
  }

  /**
   * Builds a registry.
   *
   * @param <K> the type of the keys
   * @param <V> the type of the values
   */
  public static final class Builder<K, V> {
    static {
      Parts.markBuildersBy(builder -> builder.isPart = true);
    }

    private final Map<Class<?>, Host<?>> hosts = new LinkedHashMap<>();
    private @Nullable String name;
    private boolean isPart;
    private CyclePolicy onCycle = CyclePolicy.REJECT;
    private FailureListener failureListener = FailureListener.logging();

    private Builder() {}

    /** Sets the name for reports and messages. By default it is made from the line of code that builds the registry. */
    public Builder<K, V> name(String name) {
      this.name = Objects.requireNonNull(name, "name");
      return this;
    }

    /** Sets what to do with a value that reaches its key and does not live in it. By default it is rejected. */
    public Builder<K, V> onCycle(CyclePolicy policy) {
      this.onCycle = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Names a place for values in keys of that type and its subtypes. If a key is of several such types, the one named first counts.
     *
     * @throws IllegalArgumentException if the type has a host already
     */
    public <T> Builder<K, V> host(Class<T> type, Host<? super T> host) {
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(host, "host");
      if (hosts.putIfAbsent(type, host) != null) {
        throw new IllegalArgumentException("host for " + type.getName() + " must be named once, but was named before");
      }
      return this;
    }

    /** Sets who is told of cycles that the policy only warns of, and, once, that values cannot be checked. By default it is logged. */
    public Builder<K, V> failureListener(FailureListener listener) {
      this.failureListener = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /** Builds the registry. */
    public WeakRegistry<K, V> build() {
      return new WeakRegistry<>(this);
    }
  }
}
