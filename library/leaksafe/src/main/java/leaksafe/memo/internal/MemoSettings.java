package leaksafe.memo.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import leaksafe.cache.internal.Settings;
import leaksafe.internal.CallSite;
import leaksafe.internal.Containers;
import leaksafe.registry.CyclePolicy;
import leaksafe.registry.Host;
import org.jspecify.annotations.Nullable;

/** What a memo is built with. Null means that an option was not set. */
public final class MemoSettings {
  /** How many results a memo keeps unless told otherwise. */
  public static final int MAXIMUM_SIZE = 128;

  public @Nullable String name;
  public @Nullable Settings cache;
  public boolean nulls;
  public @Nullable Duration failures;
  public @Nullable CyclePolicy onCycle;
  public final Map<Class<?>, Host<?>> hosts = new LinkedHashMap<>();

  private String site = "";

  /** Returns a checked copy that knows the place where the memo is built, and has a name and a bound. */
  public MemoSettings complete(long maximumSize) {
    MemoSettings copy = new MemoSettings();
    copy.site = CallSite.capture();
    copy.nulls = nulls;
    copy.failures = failures;
    copy.onCycle = onCycle;
    copy.hosts.putAll(hosts);
    Settings bounds = new Settings();
    if (cache == null) {
      bounds.maximumSize = maximumSize;
    } else {
      bounds = cache.copy();
      bounds.check();
    }
    if (nulls) {
      refuse(bounds.weigher != null, "cacheNulls excludes a weigher, which cannot weigh a null: set maximumSize instead of maximumWeight");
      refuse(bounds.expiry != null, "cacheNulls excludes expireAfter(Expiry), which cannot judge a null: set expireAfterWrite or"
          + " expireAfterAccess");
      refuse(bounds.groups != null, "cacheNulls excludes groups, which cannot be told of a null: let the function return an Optional");
      bounds.listener = Results.forgivingNulls(bounds.listener);
    }
    bounds.recordStats = false; // a memo counts, and nobody could read what its cache counts
    copy.name = name != null ? name : bounds.name != null ? bounds.name : Containers.defaultName("memo", copy.site);
    bounds.name = copy.name;
    copy.cache = bounds;
    return copy;
  }

  /** Throws if options were set that have a meaning for memos of many instances only. */
  public MemoSettings forOne() {
    refuse(onCycle != null, "onCycle is for memos that are made with perInstance: this one has no instances");
    refuse(!hosts.isEmpty(), "host is for memos that are made with perInstance: this one has no instances");
    return this;
  }

  private static void refuse(boolean wrong, String message) {
    if (wrong) {
      throw new IllegalStateException(message);
    }
  }

  /** Returns the line of the user's code that built the memo. */
  public String site() {
    return site;
  }

  /** Returns the options of the cache that holds failures, which are the results' in what concerns keys and time, or null for none. */
  @Nullable Settings failureSettings(Settings results) {
    if (failures == null) {
      return null;
    }
    Settings settings = new Settings();
    settings.name = results.name;
    settings.maximumSize = results.maximumSize != null ? results.maximumSize : Long.valueOf(MAXIMUM_SIZE);
    settings.writeNanos = failures.toNanos();
    settings.weakKeys = results.weakKeys;
    settings.ticker = results.ticker;
    settings.exactClock = results.exactClock;
    settings.executor = results.executor;
    settings.failureListener = results.failureListener;
    return settings;
  }
}
