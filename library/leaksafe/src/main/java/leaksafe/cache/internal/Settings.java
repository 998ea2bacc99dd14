package leaksafe.cache.internal;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import leaksafe.FailureListener;
import leaksafe.RemovalListener;
import leaksafe.Ticker;
import leaksafe.cache.Eviction;
import leaksafe.cache.Expiry;
import leaksafe.cache.MemoryPressure;
import leaksafe.cache.Weigher;
import leaksafe.internal.HitCounter;
import org.jspecify.annotations.Nullable;

/** The options of a builder. Null means that an option was not set. */
public final class Settings {
  /** How many removals may wait for the executor of a removal listener. */
  public static final int LISTENER_QUEUE = 1024;

  /** After how many nanoseconds a reload is given up unless the user says otherwise. */
  static final long REFRESH_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(30);

  public @Nullable String name;
  public @Nullable Long maximumSize;
  public @Nullable Long maximumWeight;
  public @Nullable Weigher<?, ?> weigher;
  public @Nullable Long writeNanos;
  public @Nullable Long accessNanos;
  public @Nullable Expiry<?, ?> expiry;
  public @Nullable Long refreshNanos;
  public @Nullable Function<?, ?> reloader;
  public @Nullable Long refreshTimeoutNanos;
  public boolean refreshHot;
  public @Nullable BiFunction<?, ?, ? extends Collection<?>> groups;
  public @Nullable SharedBudget shared;
  public @Nullable MemoryPressure pressure;
  public boolean weakKeys;
  public boolean weakValues;
  public @Nullable Eviction eviction;
  public @Nullable RemovalListener<?, ?> listener;
  public @Nullable Executor listenerExecutor;
  public @Nullable FailureListener failureListener;
  public @Nullable Ticker ticker;
  public boolean exactClock;
  public @Nullable Executor executor;
  public boolean recordStats;
  /** Counts hits, for the memo that the cache is a part of. */
  public @Nullable HitCounter hits;
  public boolean unbounded;

  /** Throws if the options contradict each other or nothing ends the growth of the cache. */
  public void check() {
    refuse(maximumSize != null && maximumWeight != null,
        "maximumSize " + maximumSize + " and maximumWeight " + maximumWeight + " exclude each other: keep one");
    refuse(maximumWeight != null && weigher == null, "maximumWeight " + maximumWeight + " needs a weigher: set weigher(…)");
    refuse(weigher != null && maximumWeight == null && shared == null, "a weigher needs a bound: set maximumWeight");
    refuse(weigher != null && maximumSize != null, "maximumSize " + maximumSize + " counts entries, but a weigher is set: set maximumWeight");
    refuse(pressure != null && maximumSize == null && maximumWeight == null,
        "memoryPressure needs a maximum to lower: set maximumSize or maximumWeight" + (shared == null ? "" : ", or have the Budget watch the heap"));
    refuse(expiry != null && (writeNanos != null || accessNanos != null),
        "expireAfter excludes expireAfterWrite and expireAfterAccess: have the Expiry return those times too");
    refuse(refreshNanos == null && (refreshTimeoutNanos != null || refreshHot),
        (refreshHot ? "refreshProactively" : "refreshTimeout") + " has no effect without a time: set refreshAfterWrite");
    refuse(refreshNanos != null && writeNanos != null && refreshNanos >= writeNanos, "refreshAfterWrite " + duration(refreshNanos)
        + " has no effect when values expire before: set it shorter than expireAfterWrite " + duration(writeNanos));
    refuse(exactClock && ticker != null, "exactClock and ticker exclude each other: a ticker is exact");
    refuse((exactClock || ticker != null) && !isTimed(),
        (exactClock ? "exactClock" : "ticker") + " has no effect without a lifetime: set an expireAfter… or refreshAfterWrite");
    refuse(eviction != null && !isLimited(), "eviction " + eviction + " needs a maximum: set maximumSize, maximumWeight or a budget");
    refuse(unbounded && isBounded(), "unbounded contradicts the bound that is set: keep one");
    refuse(!unbounded && !isBounded(), "this cache would grow for ever: set maximumSize, maximumWeight, an expireAfter… or weak"
        + " references, or say unbounded()");
  }

  private static void refuse(boolean wrong, String message) {
    if (wrong) {
      throw new IllegalStateException(message);
    }
  }

  /** Returns whether entries need a clock. */
  boolean isTimed() {
    return isMortal() || refreshNanos != null;
  }

  /** Returns whether entries need {@link Extras}. */
  boolean isRich() {
    return refreshNanos != null || groups != null;
  }

  private boolean isMortal() {
    return writeNanos != null || accessNanos != null || expiry != null;
  }

  boolean isLimited() {
    return maximumSize != null || maximumWeight != null || shared != null;
  }

  /** Returns the cache's own maximum, {@link Long#MAX_VALUE} if there is none. */
  long ownMaximum() {
    return maximumSize != null ? maximumSize : maximumWeight != null ? maximumWeight : Long.MAX_VALUE;
  }

  private boolean isBounded() {
    return isLimited() || isMortal() || weakKeys || weakValues;
  }

  /** Returns what bounds the cache, in words; the maximum may have been changed since it was built. */
  String bound(@Nullable Budget budget) {
    StringBuilder text = new StringBuilder();
    if (budget != null) {
      add(text, shared == null || ownMaximum() != Long.MAX_VALUE, (budget.isWeighed() ? "maximumWeight " : "maximumSize ") + budget.maximum());
      add(text, shared != null, shared == null ? "" : "budget " + shared.name());
    }
    add(text, writeNanos != null, "expireAfterWrite " + duration(writeNanos));
    add(text, accessNanos != null, "expireAfterAccess " + duration(accessNanos));
    add(text, expiry != null, "expireAfter");
    add(text, weakKeys, "weak keys");
    add(text, weakValues, "weak values");
    add(text, unbounded, "unbounded");
    return text.toString();
  }

  private static String duration(@Nullable Long nanos) {
    return nanos == null ? "" : Duration.ofNanos(nanos).toString();
  }

  private static void add(StringBuilder text, boolean wanted, String words) {
    if (wanted) {
      text.append(text.isEmpty() ? "" : ", ").append(words);
    }
  }

  /** Returns a copy that the builder does not change any more. */
  public Settings copy() {
    Settings copy = new Settings();
    copy.name = name;
    copy.maximumSize = maximumSize;
    copy.maximumWeight = maximumWeight;
    copy.weigher = weigher;
    copy.writeNanos = writeNanos;
    copy.accessNanos = accessNanos;
    copy.expiry = expiry;
    copy.refreshNanos = refreshNanos;
    copy.reloader = reloader;
    copy.refreshTimeoutNanos = refreshTimeoutNanos;
    copy.refreshHot = refreshHot;
    copy.groups = groups;
    copy.shared = shared;
    copy.pressure = pressure;
    copy.weakKeys = weakKeys;
    copy.weakValues = weakValues;
    copy.eviction = eviction;
    copy.listener = listener;
    copy.listenerExecutor = listenerExecutor;
    copy.failureListener = failureListener;
    copy.ticker = ticker;
    copy.exactClock = exactClock;
    copy.executor = executor;
    copy.recordStats = recordStats;
    copy.hits = hits;
    copy.unbounded = unbounded;
    return copy;
  }
}
