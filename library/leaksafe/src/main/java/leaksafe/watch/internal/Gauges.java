package leaksafe.watch.internal;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import leaksafe.Failure;
import leaksafe.internal.Reachability;
import org.jspecify.annotations.Nullable;

/** The figures that users added by name. Safe for use by many threads. */
final class Gauges {
  private final Map<String, Gauge> byName = new ConcurrentHashMap<>();
  private final int maximum;

  Gauges(int maximum) {
    this.maximum = maximum;
  }

  /** A figure of an owner that is held weakly, or without an owner. */
  private static final class Gauge {
    final Key key;
    final @Nullable WeakReference<Object> owner;
    final ToLongFunction<Object> function;

    Gauge(Key key, @Nullable WeakReference<Object> owner, ToLongFunction<Object> function) {
      this.key = key;
      this.owner = owner;
      this.function = function;
    }

    boolean isGone() {
      return owner != null && owner.refersTo(null);
    }

    @Nullable Reading read() {
      Object of = owner == null ? this : owner.get();
      return of == null ? null : Reading.of(function.applyAsLong(of));
    }
  }

  void add(String name, String site, LongSupplier supplier) {
    put(new Gauge(new Key("gauge", name, site), null, ignored -> supplier.getAsLong()));
  }

  @SuppressWarnings("unchecked")
  <T> void add(String name, String site, T owner, ToLongFunction<? super T> function) {
    String path = Reachability.path(function, owner);
    if (path != null) {
      throw new IllegalArgumentException("the function of gauge '" + name + "' reaches its owner (" + path
          + ") and would keep it alive: use the function's parameter instead");
    }
    put(new Gauge(new Key("gauge", name, site), new WeakReference<>(owner), (ToLongFunction<Object>) function));
  }

  private void put(Gauge gauge) {
    String name = gauge.key.name();
    byName.values().removeIf(Gauge::isGone);
    if (byName.size() >= maximum) {
      throw new IllegalStateException("gauge '" + name + "' would be one more than maximumSeries, which is " + maximum);
    }
    if (byName.putIfAbsent(name, gauge) != null) {
      throw new IllegalArgumentException("there is a gauge '" + name + "' already: unwatch it first, or give this one another name");
    }
  }

  @Nullable Key remove(String name) {
    Gauge removed = byName.remove(name);
    return removed == null ? null : removed.key;
  }

  void clear() {
    byName.clear();
  }

  /** Reads all, and forgets those whose owners were collected. Calls users' code. */
  void read(Map<Key, Reading> into, BiConsumer<Key, Throwable> failed) {
    for (Gauge gauge : byName.values()) {
      try {
        Reading reading = gauge.read();
        if (reading == null) {
          byName.remove(gauge.key.name(), gauge);
        } else {
          into.put(gauge.key, reading);
        }
      } catch (Throwable e) {
        failed.accept(gauge.key, e);
      }
    }
  }

  int size() {
    return byName.size();
  }

  static Failure failure(String monitor, Key key, Throwable cause) {
    return new Failure(monitor, "gauge", key.kind() + " " + key.name(), cause);
  }
}
