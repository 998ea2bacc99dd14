package leaksafe.cache.internal;

import java.util.Objects;
import java.util.function.Function;
import leaksafe.Container;
import leaksafe.cache.Cache;
import leaksafe.cache.CacheBuilder;
import leaksafe.internal.CallSite;
import org.jspecify.annotations.Nullable;

/** Makes the cache that fits the options. */
public final class Caches {
  private static volatile @Nullable Function<CacheBuilder<?, ?>, Settings> reader;

  private Caches() {}

  /** Builds a cache and makes it known. */
  public static <K, V> Cache<K, V> build(Settings settings) {
    SegmentedCache<K, V, ?> cache = make(settings, CallSite.capture());
    cache.announce();
    return cache;
  }

  /** Builds a cache that is a part of another container, which makes itself known: so it is not in the census a second time. */
  public static <K, V> SegmentedCache<K, V, ?> buildPart(Settings settings, String site) {
    return make(settings, site);
  }

  private static <K, V> SegmentedCache<K, V, ?> make(Settings settings, String site) {
    SegmentedCache<K, V, ?> cache = settings.weakKeys ? new WeakKeyCache<>(settings, site) : new StrongCache<>(settings, site);
    cache.start();
    return cache;
  }

  /** Returns what a cache that was built here would say about itself to the census. */
  public static Container describe(Cache<?, ?> cache) {
    return ((SegmentedCache<?, ?, ?>) cache).container();
  }

  /** Returns a copy of what was set in a builder so far. */
  public static Settings settingsOf(CacheBuilder<?, ?> builder) {
    return Objects.requireNonNull(reader).apply(Objects.requireNonNull(builder, "builder")); // set before there is any builder
  }

  /** The builder, whose options nobody else can read, says how. */
  public static void readBuildersBy(Function<CacheBuilder<?, ?>, Settings> function) {
    reader = function;
  }
}
