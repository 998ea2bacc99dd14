package leaksafe.pool.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import leaksafe.Container;
import leaksafe.pool.PoolStats;
import org.jspecify.annotations.Nullable;

/** What a pool says of itself to the census. */
record PoolContainer(String name, String creationSite, Supplier<PoolStats> stats, Supplier<String> boundText,
    @Nullable IntSupplier keys) implements Container {

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
    return boundText.get();
  }

  @Override
  public Map<String, Number> figures() {
    PoolStats now = stats.get();
    Map<String, Number> figures = new LinkedHashMap<>();
    figures.put("leased", now.leased());
    figures.put("idle", now.idle());
    figures.put("waiting", now.waiting());
    figures.put("minimum", now.minimum());
    figures.put("maximum", now.maximum());
    figures.put("acquired", now.acquired());
    figures.put("waits", now.waits());
    figures.put("timeouts", now.timeouts());
    figures.put("opened", now.opened());
    figures.put("openFailures", now.openFailures());
    figures.put("disposed", now.disposed());
    figures.put("leaked", now.leaked());
    figures.put("overdue", now.overdue());
    if (keys != null) {
      figures.put("keys", keys.getAsInt());
    }
    return figures;
  }
}
