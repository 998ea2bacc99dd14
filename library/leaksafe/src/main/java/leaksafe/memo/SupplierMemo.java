package leaksafe.memo;

import java.util.Objects;
import java.util.function.Supplier;
import leaksafe.memo.internal.Counts;
import leaksafe.memo.internal.MemoContainer;
import leaksafe.memo.internal.MemoSettings;
import leaksafe.memo.internal.Results;
import org.jspecify.annotations.Nullable;

/**
 * A supplier that remembers what it supplied: see {@link Memo#ofSupplier(Supplier)}. Of several threads that ask at once one runs the
 * supplier, under no lock, and the others wait.
 *
 * @param <V> the type of what it supplies
 */
public final class SupplierMemo<V extends @Nullable Object> implements Supplier<V> {
  private static final Boolean KEY = Boolean.TRUE;

  private final Supplier<? extends V> supplier;
  private final Results<Object, V> results;
  private final Counts counts = new Counts();
  private final MemoContainer container;

  SupplierMemo(Supplier<? extends V> supplier, MemoSettings given) {
    MemoSettings settings = given.forOne().complete(1);
    this.supplier = Objects.requireNonNull(supplier, "supplier");
    this.results = new Results<>(settings, counts);
    this.container = MemoContainer.announce(settings, results, counts);
  }

  /**
   * Returns what is remembered, or what the supplier supplies now. What that throws is thrown.
   *
   * @throws IllegalStateException if the supplier asks for what it is about to supply
   */
  @Override
  public V get() {
    return results.get(KEY, key -> supplier.get());
  }

  /** Forgets. What is being supplied is returned but not remembered. The counts go on. */
  public void clear() {
    results.clear();
  }

  /** Returns the figures. */
  public MemoInfo info() {
    return new MemoInfo(counts.hits(), counts.misses(), results.estimatedSize(), results.maximum());
  }

  /** Returns the supplier that this remembers for. */
  public Supplier<? extends V> unwrap() {
    return supplier;
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
    return "SupplierMemo[" + name() + ", " + info() + "]";
  }
}
