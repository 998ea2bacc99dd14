package leaksafe.memo.internal;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The user's function that starts loads, for one key or for many. It runs under no lock; what it throws is how the load ends. */
public final class Loader<K, V extends @Nullable Object> {
  private final @Nullable Function<? super K, ? extends CompletionStage<? extends V>> single;
  private final @Nullable Function<? super Set<? extends K>, ? extends CompletionStage<? extends Map<? extends K, ? extends V>>> bulk;

  private Loader(@Nullable Function<? super K, ? extends CompletionStage<? extends V>> single,
      @Nullable Function<? super Set<? extends K>, ? extends CompletionStage<? extends Map<? extends K, ? extends V>>> bulk) {
    this.single = single;
    this.bulk = bulk;
  }

  /** Loads key by key. */
  public static <K, V extends @Nullable Object> Loader<K, V> single(Function<? super K, ? extends CompletionStage<? extends V>> function) {
    return new Loader<>(function, null);
  }

  /** Loads many keys at once. */
  public static <K, V extends @Nullable Object> Loader<K, V> bulk(
      Function<? super Set<? extends K>, ? extends CompletionStage<? extends Map<? extends K, ? extends V>>> function) {
    return new Loader<>(null, function);
  }

  void load(Flight<K, V> flight, AsyncCore<K, V> core) {
    try {
      CompletionStage<? extends V> stage = Objects.requireNonNull(Objects.requireNonNull(single).apply(flight.key),
          () -> core.name() + ": the function returned null for " + flight.key + ", must return a CompletionStage");
      flight.cancelBy(() -> cancel(stage));
      stage.whenComplete((value, failure) -> core.ended(flight, value, failure));
    } catch (Throwable e) {
      core.ended(flight, null, e);
    }
  }

  void load(List<Flight<K, V>> batch, AsyncCore<K, V> core) {
    Map<K, Flight<K, V>> flights = new LinkedHashMap<>();
    for (Flight<K, V> flight : batch) {
      if (!flight.isEnding()) { // somebody may still want it
        flights.put(flight.key, flight);
      }
    }
    if (flights.isEmpty()) {
      return;
    }
    try {
      CompletionStage<? extends Map<? extends K, ? extends V>> stage = Objects.requireNonNull(
          Objects.requireNonNull(bulk).apply(Collections.unmodifiableSet(flights.keySet())),
          () -> core.name() + ": the bulk function returned null, must return a CompletionStage");
      AtomicInteger wanted = new AtomicInteger(flights.size());
      Runnable leave = () -> {
        if (wanted.decrementAndGet() == 0) {
          cancel(stage); // nobody is left who wants any of it
        }
      };
      flights.values().forEach(flight -> flight.cancelBy(leave));
      stage.whenComplete((values, failure) -> deliver(flights.values(), values, failure, core));
    } catch (Throwable e) {
      flights.values().forEach(flight -> core.ended(flight, null, e));
    }
  }

  private static <K, V extends @Nullable Object> void deliver(Iterable<Flight<K, V>> flights,
      @Nullable Map<? extends K, ? extends V> values, @Nullable Throwable failure, AsyncCore<K, V> core) {
    for (Flight<K, V> flight : flights) {
      V value = null;
      Throwable problem = failure;
      if (problem == null) {
        try {
          value = Objects.requireNonNull(values, () -> core.name() + ": the bulk function's stage ended with null, must end with a map")
              .get(flight.key);
        } catch (Throwable e) {
          problem = e;
        }
      }
      core.ended(flight, value, problem);
    }
  }

  private static void cancel(CompletionStage<?> stage) {
    try {
      stage.toCompletableFuture().cancel(true);
    } catch (UnsupportedOperationException e) {
      // a stage that is no future cannot be cancelled: it runs to its end, and nobody waits for it
    }
  }
}
