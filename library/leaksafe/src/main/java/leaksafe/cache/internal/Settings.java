package leaksafe.cache.internal;

import java.time.Duration;
import java.util.concurrent.Executor;
import leaksafe.FailureListener;
import leaksafe.RemovalListener;
import leaksafe.Ticker;
import leaksafe.cache.Eviction;
import leaksafe.cache.Expiry;
import leaksafe.cache.Weigher;
import org.jspecify.annotations.Nullable;

/** The options of a builder. Null means that an option was not set. */
public final class Settings {
  /** How many removals may wait for the executor of a removal listener. */
  public static final int LISTENER_QUEUE = 1024;

  public @Nullable String name;
  public @Nullable Long maximumSize;
  public @Nullable Long maximumWeight;
  public @Nullable Weigher<?, ?> weigher;
  public @Nullable Long writeNanos;
  public @Nullable Long accessNanos;
  public @Nullable Expiry<?, ?> expiry;
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
  public boolean unbounded;

  /** Throws if the options contradict each other or nothing ends the growth of the cache. */
  public void check() {
    refuse(maximumSize != null && maximumWeight != null,
        "maximumSize " + maximumSize + " and maximumWeight " + maximumWeight + " exclude each other: keep one");
    refuse(maximumWeight != null && weigher == null, "maximumWeight " + maximumWeight + " needs a weigher: set weigher(…)");
    refuse(weigher != null && maximumWeight == null, "a weigher needs a bound: set maximumWeight");
    refuse(expiry != null && (writeNanos != null || accessNanos != null),
        "expireAfter excludes expireAfterWrite and expireAfterAccess: have the Expiry return those times too");
    refuse(exactClock && ticker != null, "exactClock and ticker exclude each other: a ticker is exact");
    refuse((exactClock || ticker != null) && !isTimed(),
        (exactClock ? "exactClock" : "ticker") + " has no effect without a lifetime: set an expireAfter…");
    refuse(eviction != null && !isLimited(), "eviction " + eviction + " needs a maximum: set maximumSize or maximumWeight");
    refuse(unbounded && isBounded(), "unbounded contradicts the bound that is set: keep one");
    refuse(!unbounded && !isBounded(), "this cache would grow for ever: set maximumSize, maximumWeight, an expireAfter… or weak"
        + " references, or say unbounded()");
  }

  private static void refuse(boolean wrong, String message) {
    if (wrong) {
      throw new IllegalStateException(message);
    }
  }

  boolean isTimed() {
    return writeNanos != null || accessNanos != null || expiry != null;
  }

  boolean isLimited() {
    return maximumSize != null || maximumWeight != null;
  }

  private boolean isBounded() {
    return isLimited() || isTimed() || weakKeys || weakValues;
  }

  /** Returns what bounds the cache, in words; the maximum may have been changed since it was built. */
  String bound(@Nullable Budget budget) {
    StringBuilder text = new StringBuilder();
    if (budget != null) {
      add(text, true, (budget.isWeighed() ? "maximumWeight " : "maximumSize ") + budget.maximum());
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
    copy.unbounded = unbounded;
    return copy;
  }
}
