package leaksafe.cache.internal.lease;

import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import leaksafe.Container;
import leaksafe.cache.LeaseCacheStats;

/** What a cache of leased values says about itself to the census, which holds it weakly. */
record LeaseContainer(String name, String creationSite, String bound, Supplier<LeaseCacheStats> stats,
    IntSupplier open) implements Container {

  @Override
  public String kind() {
    return "leases";
  }

  @Override
  public long estimatedSize() {
    return open.getAsInt();
  }

  @Override
  public Map<String, Number> figures() {
    LeaseCacheStats now = stats.get();
    return Map.of("open", now.open(), "idle", now.idle(), "leases", now.leases(), "waiting", now.waiting(), "opened", now.opened(),
        "closed", now.closed(), "evictions", now.evictions(), "leaked", now.leaked(), "timeouts", now.timeouts());
  }
}
