package leaksafe.pool.internal;

import java.util.Map;
import java.util.function.Supplier;
import leaksafe.Container;
import leaksafe.pool.PoolStats;

/** What a pool says of itself to the census. */
record PoolContainer(String name, String creationSite, Supplier<PoolStats> stats) implements Container {

  @Override
  public String kind() {
    return "pool";
  }

  @Override
  public long estimatedSize() {
    PoolStats now = stats.get();
    return now.leased() + now.idle();
  }

  @Override
  public String bound() {
    PoolStats now = stats.get();
    return "size " + now.minimum() + " to " + now.maximum();
  }

  @Override
  public Map<String, Number> figures() {
    PoolStats now = stats.get();
    return Map.of("leased", now.leased(), "idle", now.idle(), "waiting", now.waiting(), "acquired", now.acquired(),
        "opened", now.opened(), "disposed", now.disposed(), "leaked", now.leaked(), "overdue", now.overdue(),
        "timeouts", now.timeouts());
  }
}
