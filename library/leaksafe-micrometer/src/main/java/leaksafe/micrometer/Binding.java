package leaksafe.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToDoubleFunction;
import leaksafe.Failure;
import leaksafe.FailureListener;
import leaksafe.census.Census;
import leaksafe.census.CensusSampler;
import leaksafe.census.CensusSnapshot;

/**
 * The meters of one registry. The registry holds this, by a gauge, for as long as it lives; nobody else does.
 *
 * <p>Two locks, never one inside the other: {@code changing}, under which meters come and go and the registry's own locks are taken; and
 * the one in {@link Readings}, a leaf, which is all that a meter that is read takes.
 */
final class Binding {
  /** How often meters are registered and removed, in seconds. */
  static final int PERIOD_SECONDS = 2;

  /** How many meters there are at most. */
  static final int MOST = 10_000;

  private final MeterRegistry registry;
  private final Tags tags;
  private final Readings readings = new Readings();
  private final ReentrantLock changing = new ReentrantLock();
  private final Map<Reading, Meter> meters = new HashMap<>(); // guarded by changing
  private boolean closed; // guarded by changing
  private boolean complained; // guarded by changing
  private final CensusSampler sampler;

  Binding(MeterRegistry registry, Tags tags) {
    this.registry = registry;
    this.tags = tags;
    Meter leaks = FunctionCounter.builder("leaksafe.leaks", this, binding -> Census.leakCount()).tags(tags)
        .description("Leaks that were reported").register(registry);
    // The only strong reference to this.
    Meter keeper = Gauge.builder("leaksafe.census.meters", this, binding -> binding.meterCount()).tags(tags).strongReference(true)
        .description("Meters of leaksafe in this registry").register(registry);
    meters.put(new Reading("leaksafe.leaks", Tags.empty(), Reading.Type.FIXED, "", "", ""), leaks);
    meters.put(new Reading("leaksafe.census.meters", Tags.empty(), Reading.Type.FIXED, "", "", ""), keeper);
    refresh(Census.snapshot());
    sampler = Census.every(Duration.ofSeconds(PERIOD_SECONDS), this::refresh);
  }

  private int meterCount() {
    changing.lock();
    try {
      return meters.size();
    } finally {
      changing.unlock();
    }
  }

  /** Registers what is new and removes what is gone. */
  void refresh(CensusSnapshot snapshot) {
    readings.update(snapshot);
    Set<Reading> wanted = Reading.of(snapshot);
    changing.lock();
    try {
      if (closed) {
        return;
      }
      for (Iterator<Map.Entry<Reading, Meter>> i = meters.entrySet().iterator(); i.hasNext();) {
        Map.Entry<Reading, Meter> entry = i.next();
        if (entry.getKey().type() != Reading.Type.FIXED && !wanted.contains(entry.getKey())) {
          i.remove();
          registry.remove(entry.getValue());
        }
      }
      for (Reading reading : wanted) {
        if (!meters.containsKey(reading)) {
          add(reading);
        }
      }
    } finally {
      changing.unlock();
    }
  }

  private void add(Reading reading) {
    if (meters.size() >= MOST) {
      complain(new IllegalStateException("there are " + MOST + " meters, so " + reading.meter() + " of " + reading.name()
          + " is left out: give containers of one purpose one name"));
      return;
    }
    ToDoubleFunction<Binding> value = binding -> binding.readings.value(reading);
    try {
      Tags all = tags.and(reading.tags());
      meters.put(reading, reading.type() == Reading.Type.COUNTER
          ? FunctionCounter.builder(reading.meter(), this, value).tags(all).register(registry)
          : Gauge.builder(reading.meter(), this, value).tags(all).register(registry));
    } catch (RuntimeException e) { // a registry that refuses it, for other tags of the same name say
      complain(e);
    }
  }

  /** Reports the first failure: the others would be the same every few seconds. */
  private void complain(RuntimeException cause) {
    if (!complained) {
      complained = true;
      FailureListener.logging().onFailure(new Failure("leaksafe metrics", "meter registry", registry.getClass().getName(), cause));
    }
  }

  void close() {
    sampler.close();
    changing.lock();
    try {
      closed = true;
      meters.values().forEach(registry::remove);
      meters.clear();
    } finally {
      changing.unlock();
    }
  }
}
