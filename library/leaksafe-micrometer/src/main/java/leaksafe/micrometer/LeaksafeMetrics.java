package leaksafe.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Binds all containers of the census to a meter registry, those that there are and those that will be.
 *
 * <pre>{@code
 * new LeaksafeMetrics().bindTo(registry);
 * }</pre>
 *
 * <p><b>Meters.</b> For each cache and memo that counts hits, those of Micrometer's {@code CacheMeterBinder}, with the tag {@code cache}:
 * {@code cache.size}, {@code cache.gets} ({@code result} is {@code hit} or {@code miss}), {@code cache.puts} (values that were loaded, as
 * for Caffeine), {@code cache.evictions}, {@code cache.load} ({@code result} is {@code success} or {@code failure}).
 *
 * <p>For all containers {@code leaksafe.container.size} with the tags {@code kind} and {@code name}, and each further figure as {@code
 * leaksafe.pool.leased}, {@code leaksafe.tracker.leaked} and so on, with the tag {@code name}: counters for what is counted, gauges for the rest.
 * {@code leaksafe.containers} with the tag {@code kind} is how many there are, {@code leaksafe.leaks} how many leaks were reported.
 *
 * <p>Containers of the same kind and name share their meters, which then show the sum; counters go on when one of them goes.
 *
 * <p><b>What is kept alive.</b> No container: meters read numbers of the latest snapshot, which is taken when a meter is read and the
 * latest is older than {@value Readings#FRESH_MILLIS} ms. Meters of containers that are gone are removed from the registry within about
 * {@value Binding#PERIOD_SECONDS} seconds; so long do those of new ones take to appear. This object need not be kept: the
 * registry keeps what belongs to it. So an application that brings this library and is outlived by the registry must {@linkplain #close close}.
 *
 * <p><b>Bound.</b> At most {@value Binding#MOST} meters a registry: names that are made up for each request would otherwise fill it. What is
 * beyond is left out and that is logged once.
 */
public final class LeaksafeMetrics implements MeterBinder, AutoCloseable {
  private final Tags tags;
  private final List<Binding> bindings = new CopyOnWriteArrayList<>();

  /** Creates a binder whose meters have no tags but their own. */
  public LeaksafeMetrics() {
    this(List.of());
  }

  /** Creates a binder whose meters have these tags, too. */
  public LeaksafeMetrics(Iterable<Tag> tags) {
    this.tags = Tags.of(Objects.requireNonNull(tags, "tags"));
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    bindings.add(new Binding(Objects.requireNonNull(registry, "registry"), tags));
  }

  /** Removes all meters of this binder from their registries. Does nothing the second time. */
  @Override
  public void close() {
    bindings.forEach(Binding::close);
    bindings.clear();
  }
}
