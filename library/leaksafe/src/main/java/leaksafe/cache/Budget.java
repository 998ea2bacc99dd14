package leaksafe.cache;

import java.util.List;
import java.util.Objects;
import leaksafe.FailureListener;
import leaksafe.cache.internal.SharedBudget;
import leaksafe.internal.Once;
import org.jspecify.annotations.Nullable;

/**
 * One maximum weight that any number of caches share. A cache that is built with {@link CacheBuilder#budget} takes what it can use, as long as
 * the others can do without.
 *
 * <p><b>Bound.</b> Exact: together the caches never hold one unit more, at no instant, whatever runs beside. What a maximum that was lowered
 * makes too much has gone when {@link #setMaximumWeight} returns. A cache's own maximum applies besides. A value that is heavier than the whole
 * leaves at once, and nothing else for it.
 *
 * <p><b>Who gives way.</b> When a write finds no room, the cache evicts that loses least by it, for each unit of weight. What it loses
 * is estimated from what it lost lately: of the entries that it evicted, how many were written again within the next evictions of the
 * budget, as many as a quarter of its entries and at least 256, divided by the weight that it gave. A returned entry would have been a hit had
 * the cache been a little larger, so this is the slope of its hit curve per unit of weight: at the optimum all slopes are equal, and each
 * eviction is a step towards that. It is learned from evictions and writes alone, so hits cost nothing for it. To be known, each cache gives
 * two entries in that time though others might lose less, and more in the next, up to 64, while none of those returns: so a cache that is not
 * used gives all it has. Which of its entries a cache evicts is decided as ever. {@link #stats} shows what is known of each.
 *
 * <p><b>Cost.</b> Hits cost nothing. A write that fits takes its weight twice, by one compare-and-set each: of the budget and of the
 * cache. A write that must evict looks at every cache of the budget, O(caches), every 16 evictions, more often where caches are small, and hands the weight of what it evicts from
 * its own segment over to the new entry; one that takes room from another cache takes its own segment's lock twice and one of the other's,
 * never both at a time. A cache takes 8 KB more for what it remembers of its evictions, once it evicted.
 *
 * <p><b>Threads.</b> Safe for use by many threads, virtual ones too. A removal listener is told on the thread whose write needed the room, also
 * that of another cache. No users' code runs under a lock.
 *
 * <p><b>Dropped caches.</b> A cache that is dropped gives back what it held when the collector has found it, without a call. The budget keeps no
 * cache alive.
 *
 * <p><b>Not promised.</b> That a write is stored when every other entry of the budget is being computed or weighs nothing, or when many
 * threads compete for the last units: then the value leaves at once, and the listener is told so. The best split at any moment: it is
 * approached from evictions, so it follows a change of the load as fast as entries are evicted.
 *
 * <p><b>Sources.</b> A. Cidon et al., "Cliffhanger: Scaling Performance Cliffs in Web Memory Caches" (NSDI 2016): what returns soon after its
 * eviction is the gradient of the hit curve. N. Beckmann et al., "LHD: Improving Cache Hit Rate by Maximizing Hit Density" (NSDI 2018): hits for
 * each byte.
 *
 * <pre>{@code
 * Budget budget = Budget.ofWeight(64 << 20); // bytes
 * Cache<Long, byte[]> pages = Cache.builder().budget(budget).weigher((Long id, byte[] page) -> page.length).build();
 * Cache<String, String> texts = Cache.builder().budget(budget).weigher((String key, String text) -> 2 * text.length()).build();
 * }</pre>
 */
public final class Budget {
  private final SharedBudget shared;

  private Budget(SharedBudget shared) {
    this.shared = shared;
  }

  /**
   * Returns a budget of so much weight.
   *
   * @param maximumWeight at least 1, in the units of the weighers of its caches; an entry of a cache without weigher weighs 1
   * @throws IllegalArgumentException if the maximum is below 1
   */
  public static Budget ofWeight(long maximumWeight) {
    return builder().maximumWeight(maximumWeight).build();
  }

  /** Returns a builder, whose {@code maximumWeight} must be set. */
  public static Builder builder() {
    return new Builder();
  }

  SharedBudget shared() {
    return shared;
  }

  /** Returns the name given to the builder, or one made of the place where the budget was built. */
  public String name() {
    return shared.name();
  }

  /** Returns the maximum weight: what was set, or less under {@link MemoryPressure}. */
  public long maximumWeight() {
    return shared.maximum();
  }

  /**
   * Changes the maximum weight. When this returns the caches hold no more, entries that are being computed aside, which go with the next writes.
   *
   * <p><b>Cost.</b> O(what has to leave), on this thread.
   *
   * @param maximumWeight at least 1
   * @throws IllegalArgumentException if the maximum is below 1; it stays what it was
   */
  public void setMaximumWeight(long maximumWeight) {
    shared.setMaximum(atLeastOne(maximumWeight));
  }

  /** Returns the sum of the weights of the entries: exact at some instant of the call, and never above the maximum. O(1). */
  public long weight() {
    return shared.taken();
  }

  /** Returns what is known now. O(caches). The figures of several caches are of several moments. */
  public BudgetStats stats() {
    List<BudgetStats.Share> shares = shared.standings().stream()
        .map(standing -> new BudgetStats.Share(standing.cache(), standing.weight(), standing.density())).toList();
    return new BudgetStats(shared.maximum(), shared.taken(), shared.evictions(), shared.pressure(), shares);
  }

  /** Returns its name, weight and maximum. */
  @Override
  public String toString() {
    return name() + " (" + weight() + " of " + maximumWeight() + ")";
  }

  private static long atLeastOne(long weight) {
    if (weight < 1) {
      throw new IllegalArgumentException("maximumWeight must be at least 1, but was " + weight);
    }
    return weight;
  }

  /** Builds budgets. Each option may be set once. Not safe for use by many threads; may build any number of budgets, which share nothing. */
  public static final class Builder {
    private @Nullable String name;
    private @Nullable Long maximumWeight;
    private @Nullable MemoryPressure pressure;
    private @Nullable FailureListener failures;

    private Builder() {}

    /** Names the budget, for the census and reports. Without it the name is made of the place where the budget is built. */
    public Builder name(String name) {
      this.name = Once.set(this.name, Objects.requireNonNull(name, "name"), "name");
      return this;
    }

    /**
     * Bounds the sum of the weights of all entries of all caches.
     *
     * @param maximumWeight at least 1, in the units of the weighers of its caches; an entry of a cache without weigher weighs 1
     */
    public Builder maximumWeight(long maximumWeight) {
      this.maximumWeight = Once.set(this.maximumWeight, atLeastOne(maximumWeight), "maximumWeight");
      return this;
    }

    /** Lowers the maximum weight while the heap is full. */
    public Builder memoryPressure(MemoryPressure pressure) {
      this.pressure = Once.set(this.pressure, Objects.requireNonNull(pressure, "pressure"), "memoryPressure");
      return this;
    }

    /** Tells the listener of what the callbacks of the {@link MemoryPressure} threw; {@link FailureListener#logging()} unless told otherwise. */
    public Builder failureListener(FailureListener listener) {
      this.failures = Once.set(failures, Objects.requireNonNull(listener, "listener"), "failureListener");
      return this;
    }

    /**
     * Builds a budget.
     *
     * @throws IllegalStateException if no {@code maximumWeight} was set
     */
    public Budget build() {
      if (maximumWeight == null) {
        throw new IllegalStateException("a budget needs a bound: set maximumWeight");
      }
      SharedBudget shared = new SharedBudget(name, maximumWeight, pressure, failures == null ? FailureListener.logging() : failures);
      shared.start();
      return new Budget(shared);
    }
  }
}
