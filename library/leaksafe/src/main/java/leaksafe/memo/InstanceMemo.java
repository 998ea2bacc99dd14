package leaksafe.memo;

import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import leaksafe.cache.internal.Settings;
import leaksafe.memo.internal.Counts;
import leaksafe.memo.internal.InstanceCheck;
import leaksafe.memo.internal.MemoContainer;
import leaksafe.memo.internal.MemoSettings;
import leaksafe.memo.internal.Results;
import leaksafe.registry.CyclePolicy;
import leaksafe.registry.Host;
import leaksafe.registry.WeakRegistry;
import leaksafe.registry.internal.Parts;
import org.jspecify.annotations.Nullable;

/**
 * A method of many objects that remembers its results for each of them, and keeps none alive: see {@link Memo#perInstance(BiFunction)}.
 * It is meant for a static field. Objects are told apart by their identity.
 *
 * <p><b>Bound.</b> For each object at most 128 results unless told otherwise; the objects are held weakly, and with an object all of its
 * results go.
 *
 * <p><b>Results that reach their object.</b> The results of an object that is {@link leaksafe.registry.Attachable}, for whose type a
 * {@linkplain MemoBuilder#host host} is named, or that is a class or class loader below the library's, live in the object: they may refer to
 * it, and both are collected together. Results for other objects are looked through for a path to the object, within the bounds of
 * {@link WeakRegistry}, before they are stored, keys too, and the method itself once for each object. What
 * reaches the object is refused, unless {@link MemoBuilder#onCycle} says otherwise; an exception that does is thrown and not remembered.
 *
 * <p><b>Cost.</b> A hit is a look-up in a {@link WeakRegistry} and one in a {@link leaksafe.cache.Cache}. An object that was asked has a
 * cache of its own, about a kilobyte.
 *
 * <p><b>Threads.</b> Safe for use by many threads, virtual ones too.
 *
 * <p><b>Not promised.</b> That a path is found which the check cannot see, as {@link WeakRegistry} says.
 *
 * @param <I> the type of the objects
 * @param <K> the type of the keys
 * @param <V> the type of the results
 */
public final class InstanceMemo<I, K, V extends @Nullable Object> implements BiFunction<I, K, V> {
  private static final String CURE = "let it implement Attachable, name a host for it, hold it by a WeakReference";

  private final BiFunction<? super I, ? super K, ? extends V> method;
  private final MemoSettings settings;
  private final WeakRegistry<I, Results<K, V>> registry;
  private final InstanceCheck check;
  private final Counts counts = new Counts();
  private final Results<K, V> sample; // always empty: knows the bound of one instance
  private final MemoContainer container;

  InstanceMemo(BiFunction<? super I, ? super K, ? extends V> method, MemoSettings given) {
    this.method = Objects.requireNonNull(method, "method");
    this.settings = given.complete(MemoSettings.MAXIMUM_SIZE);
    Settings bounds = Objects.requireNonNull(settings.cache);
    String name = Objects.requireNonNull(settings.name);
    this.check = new InstanceCheck(name, settings.onCycle, bounds.failureListener);
    WeakRegistry<I, Results<K, V>> results = registry(name, settings, bounds);
    this.registry = results;
    this.sample = new Results<>(settings, counts);
    Results<K, V> one = sample;
    Counts all = counts;
    this.container = MemoContainer.announce(settings, bounds.unbounded, () -> size(results), () -> "weak instances, for each " + one.bound(),
        () -> Map.of("instances", results.estimatedSize(), "hits", all.hits(), "misses", all.misses()));
  }

  private static <I, R> WeakRegistry<I, R> registry(String name, MemoSettings settings, Settings bounds) {
    WeakRegistry.Builder<I, R> builder = WeakRegistry.<I, R>builder().name(name)
        .onCycle(settings.onCycle == null ? CyclePolicy.REJECT : settings.onCycle);
    if (bounds.failureListener != null) {
      builder.failureListener(bounds.failureListener);
    }
    for (Map.Entry<Class<?>, Host<?>> host : settings.hosts.entrySet()) {
      addHost(builder, host.getKey(), host.getValue());
    }
    Parts.mark(builder);
    return builder.build();
  }

  @SuppressWarnings("unchecked") // the memo's builder took a host that fits the type
  private static <T> void addHost(WeakRegistry.Builder<?, ?> builder, Class<T> type, Host<?> host) {
    builder.host(type, (Host<? super T>) host);
  }

  /**
   * Returns the object's result for the key: remembered, or computed now. What the method throws is thrown.
   *
   * @throws IllegalArgumentException if the object is of a class that {@link WeakRegistry} refuses (strings, records, enum constants ...),
   *     or what would be remembered reaches the object; the message shows the path
   * @throws IllegalStateException if the result depends on itself, as {@link Memo#apply}
   */
  @Override
  public V apply(I instance, K key) {
    Results<K, V> results = registry.get(instance);
    if (results == null) {
      results = registry.computeIfAbsent(instance, this::open);
    }
    Object known = results.find(key);
    if (known != null) {
      return Results.reveal(known);
    }
    if (registry.livesInKey(instance)) {
      return results.compute(key, k -> method.apply(instance, k));
    }
    return results.compute(key, k -> checked(instance, k), thrown -> check.mayKeep(thrown, instance));
  }

  private Results<K, V> open(I instance) {
    // Whether or not results live in the object: the memo holds the method, and it is there for more than one object. A class and its
    // loader, though, are reached by each method that is defined there, and a memo in a static field there goes with them.
    if (!(instance instanceof Class || instance instanceof ClassLoader)) {
      check.check(method, instance, "method", "use a method that takes the object as its argument");
    }
    return new Results<>(settings, counts);
  }

  private V checked(I instance, K key) {
    check.check(key, instance, "key", CURE);
    V result = method.apply(instance, key);
    check.check(result, instance, "result", CURE);
    return result;
  }

  private static long size(WeakRegistry<?, ? extends Results<?, ?>> registry) {
    LongAdder sum = new LongAdder();
    registry.forEach((instance, results) -> sum.add(results.estimatedSize()));
    return sum.sum();
  }

  /** Forgets the object's result for the key. What is being computed for it is returned but not remembered. */
  public void invalidate(I instance, K key) {
    Results<K, V> results = registry.get(instance);
    if (results != null) {
      results.invalidate(key);
    }
  }

  /** Forgets the results of the object. What is being computed for it is returned but not remembered. */
  public void invalidate(I instance) {
    Results<K, V> results = registry.get(instance);
    if (results != null) {
      results.clear();
    }
  }

  /** Forgets all results of all objects. O(objects). The counts go on. */
  public void clear() {
    registry.forEach((instance, results) -> results.clear());
  }

  /** Returns the figures: the size is that of all objects, the maximum that of each. O(objects). */
  public MemoInfo info() {
    OptionalLong maximum = sample.maximum();
    return new MemoInfo(counts.hits(), counts.misses(), size(registry), maximum);
  }

  /** Returns the method that this remembers for. */
  public BiFunction<? super I, ? super K, ? extends V> unwrap() {
    return method;
  }

  /** Returns the name. */
  public String name() {
    return container.name();
  }

  /** Returns the name and the figures. */
  @Override
  public String toString() {
    return "InstanceMemo[" + name() + ", " + info() + "]";
  }
}
