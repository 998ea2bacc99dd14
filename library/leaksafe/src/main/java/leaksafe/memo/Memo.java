package leaksafe.memo;

import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import leaksafe.cache.CacheBuilder;
import leaksafe.memo.internal.Counts;
import leaksafe.memo.internal.MemoContainer;
import leaksafe.memo.internal.MemoSettings;
import leaksafe.memo.internal.Results;
import org.jspecify.annotations.Nullable;

/**
 * A function that remembers its results: {@code lru_cache} for Java.
 *
 * <p>The function runs once for a key at a time, outside every lock; other callers of the same key wait for its result, callers of other
 * keys do not. It may call its own memo for other keys, so recursive functions work as deep as the stack allows.
 *
 * <p><b>Bound.</b> At most 128 results unless told otherwise, exactly. Nulls and failures are not remembered unless
 * {@link MemoBuilder#cacheNulls} and {@link MemoBuilder#cacheFailures} say so.
 *
 * <p><b>Cost.</b> A hit costs what a hit of a {@link leaksafe.cache.Cache} costs that records statistics: it takes no lock and allocates
 * nothing.
 *
 * <p><b>Threads.</b> Safe for use by many threads, virtual ones too. What the function did happens-before any return of its result.
 *
 * <p><b>Not promised.</b> That a function runs once for a key: its result may have been evicted. That a memo can be used after its
 * recursion overflowed the stack. That a memo for the methods of many
 * objects lets them go: a key keeps what it refers to. Use {@link #perInstance} for those.
 *
 * <pre>{@code
 * static final Memo<String, Pattern> PATTERNS = Memo.of(Pattern::compile);
 * }</pre>
 *
 * @param <K> the type of the keys
 * @param <V> the type of the results
 */
public final class Memo<K, V extends @Nullable Object> implements Function<K, V> {
  private final Function<? super K, ? extends V> function;
  private final Results<K, V> results;
  private final Counts counts = new Counts();
  private final MemoContainer container;

  private Memo(Function<? super K, ? extends V> function, MemoSettings given) {
    MemoSettings settings = given.forOne().complete(MemoSettings.MAXIMUM_SIZE);
    this.function = Objects.requireNonNull(function, "function");
    this.results = new Results<>(settings, counts);
    this.container = MemoContainer.announce(settings, results, counts);
  }

  /** Returns a memo of at most 128 results. */
  public static <K, V extends @Nullable Object> Memo<K, V> of(Function<? super K, ? extends V> function) {
    return new Memo<>(function, new MemoSettings());
  }

  /**
   * Returns a memo that is bounded as a cache of that builder would be.
   *
   * @throws IllegalStateException if nothing is set that ends its growth
   */
  public static <K, V extends @Nullable Object> Memo<K, V> of(Function<? super K, ? extends V> function,
      CacheBuilder<? super K, ? super V> bounds) {
    return of(function, new MemoBuilder<>(bounds));
  }

  /**
   * Returns a memo with those options.
   *
   * @throws IllegalStateException if nothing is set that ends its growth, or options contradict each other
   */
  public static <K, V extends @Nullable Object> Memo<K, V> of(Function<? super K, ? extends V> function,
      MemoBuilder<? super K, ? super V> builder) {
    return new Memo<>(function, builder.settings());
  }

  /** Returns a supplier that asks the other once, and then remembers. */
  public static <V extends @Nullable Object> SupplierMemo<V> ofSupplier(Supplier<? extends V> supplier) {
    return new SupplierMemo<>(supplier, new MemoSettings());
  }

  /** Returns a supplier that remembers with those options, for example for a time. */
  public static <V extends @Nullable Object> SupplierMemo<V> ofSupplier(Supplier<? extends V> supplier,
      MemoBuilder<Object, ? super V> builder) {
    return new SupplierMemo<>(supplier, builder.settings());
  }

  /** Returns a memo, of at most 128 results, of a function of two arguments. */
  public static <A, B, V extends @Nullable Object> BiMemo<A, B, V> ofBiFunction(BiFunction<? super A, ? super B, ? extends V> function) {
    return new BiMemo<>(function, new MemoSettings());
  }

  /** Returns a memo with those options of a function of two arguments. */
  public static <A, B, V extends @Nullable Object> BiMemo<A, B, V> ofBiFunction(BiFunction<? super A, ? super B, ? extends V> function,
      MemoBuilder<? super BiMemo.Arguments<A, B>, ? super V> builder) {
    return new BiMemo<>(function, builder.settings());
  }

  /**
   * Returns a memo of a method of many objects that keeps none of them alive: at most 128 results for each, which go with their object.
   *
   * <pre>{@code
   * private static final InstanceMemo<Report, Locale, String> TEXTS = Memo.perInstance(Report::render);
   * }</pre>
   */
  public static <I, K, V extends @Nullable Object> InstanceMemo<I, K, V> perInstance(
      BiFunction<? super I, ? super K, ? extends V> method) {
    return new InstanceMemo<>(method, new MemoSettings());
  }

  /** Returns a memo as {@link #perInstance(BiFunction)}, with those options, which apply to each object. */
  public static <I, K, V extends @Nullable Object> InstanceMemo<I, K, V> perInstance(
      BiFunction<? super I, ? super K, ? extends V> method, MemoBuilder<? super K, ? super V> builder) {
    return new InstanceMemo<>(method, builder.settings());
  }

  /** Returns options for a memo of at most 128 results. */
  public static <K, V extends @Nullable Object> MemoBuilder<K, V> builder() {
    return new MemoBuilder<>();
  }

  /** Returns options for a memo that is bounded as a cache of that builder, as it is now, would be. */
  public static <K, V extends @Nullable Object> MemoBuilder<K, V> builder(CacheBuilder<? super K, ? super V> bounds) {
    return new MemoBuilder<>(bounds);
  }

  /**
   * Returns the result for the key: remembered, or computed now. What the function throws is thrown.
   *
   * @throws IllegalStateException if the key's result depends on itself, directly or through other keys, memos, caches and threads; the
   *     message names the keys in order
   */
  @Override
  public V apply(K key) {
    Object known = results.find(key); // and no more of this memo is looked at by a hit
    return known != null ? Results.reveal(known) : results.compute(key, function);
  }

  /** Forgets the key's result, null or failure. What is being computed for it is returned but not remembered. */
  public void invalidate(K key) {
    results.invalidate(key);
  }

  /** Forgets all results, nulls and failures. What is being computed is returned but not remembered. The counts go on. */
  public void clear() {
    results.clear();
  }

  /** Returns the figures. */
  public MemoInfo info() {
    return new MemoInfo(counts.hits(), counts.misses(), results.estimatedSize(), results.maximum());
  }

  /** Returns the function that this remembers for. */
  public Function<? super K, ? extends V> unwrap() {
    return function;
  }

  /** Releases now what has expired. Needed in tests with a {@link leaksafe.Ticker} of their own only. */
  public void cleanUp() {
    results.cleanUp();
  }

  /** Returns the name. */
  public String name() {
    return container.name();
  }

  /** Returns the name and the figures. */
  @Override
  public String toString() {
    return "Memo[" + name() + ", " + info() + "]";
  }
}
