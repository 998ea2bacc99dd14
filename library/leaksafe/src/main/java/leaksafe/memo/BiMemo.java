package leaksafe.memo;

import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import leaksafe.memo.internal.Counts;
import leaksafe.memo.internal.MemoContainer;
import leaksafe.memo.internal.MemoSettings;
import leaksafe.memo.internal.Results;
import org.jspecify.annotations.Nullable;

/**
 * A function of two arguments that remembers its results: see {@link Memo}. A call allocates a pair of its arguments, which must not be null.
 *
 * @param <A> the type of the first argument
 * @param <B> the type of the second argument
 * @param <V> the type of the results
 */
public final class BiMemo<A, B, V extends @Nullable Object> implements BiFunction<A, B, V> {
  private final BiFunction<? super A, ? super B, ? extends V> function;
  private final Function<Arguments<A, B>, V> byPair;
  private final Results<Arguments<A, B>, V> results;
  private final Counts counts = new Counts();
  private final MemoContainer container;

  /**
   * The arguments of a call: the key under which its result is remembered.
   *
   * @param first the first argument
   * @param second the second argument
   */
  public record Arguments<A, B>(A first, B second) {

    /** Checks that nothing is null. */
    public Arguments {
      Objects.requireNonNull(first, "first");
      Objects.requireNonNull(second, "second");
    }

    // By hand, as the hash code: what the compiler generates for a record keeps its class loader alive for ever once it has run.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Arguments<?, ?> that && first.equals(that.first) && second.equals(that.second);
    }

    @Override
    public int hashCode() {
      return 31 * first.hashCode() + second.hashCode();
    }
  }

  BiMemo(BiFunction<? super A, ? super B, ? extends V> function, MemoSettings given) {
    MemoSettings settings = given.forOne().complete(MemoSettings.MAXIMUM_SIZE);
    this.function = Objects.requireNonNull(function, "function");
    this.byPair = pair -> function.apply(pair.first, pair.second);
    this.results = new Results<>(settings, counts);
    this.container = MemoContainer.announce(settings, results, counts);
  }

  /**
   * Returns the result for the arguments: remembered, or computed now. What the function throws is thrown.
   *
   * @throws IllegalStateException if the result depends on itself, as {@link Memo#apply}
   */
  @Override
  public V apply(A first, B second) {
    return results.get(new Arguments<>(first, second), byPair);
  }

  /** Forgets the result for the arguments. What is being computed for them is returned but not remembered. */
  public void invalidate(A first, B second) {
    results.invalidate(new Arguments<>(first, second));
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
  public BiFunction<? super A, ? super B, ? extends V> unwrap() {
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
    return "BiMemo[" + name() + ", " + info() + "]";
  }
}
