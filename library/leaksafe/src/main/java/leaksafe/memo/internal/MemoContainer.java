package leaksafe.memo.internal;

import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import leaksafe.Container;
import leaksafe.internal.Containers;

/** What a memo says about itself to the census. The memo holds it, and the census holds it weakly. */
public record MemoContainer(String name, String creationSite, boolean isUnbounded, LongSupplier size, Supplier<String> limit,
    Supplier<Map<String, Number>> numbers) implements Container {

  /** Makes the container of a memo with one set of results known. */
  public static MemoContainer announce(MemoSettings settings, Results<?, ?> results, Counts counts) {
    return announce(settings, results.isUnbounded(), results::estimatedSize, results::bound,
        () -> Map.of("hits", counts.hits(), "misses", counts.misses()));
  }

  /** Makes a container known. */
  public static MemoContainer announce(MemoSettings settings, boolean isUnbounded, LongSupplier size, Supplier<String> bound,
      Supplier<Map<String, Number>> figures) {
    MemoContainer container =
        new MemoContainer(String.valueOf(settings.name), settings.site(), isUnbounded, size, bound, figures);
    Containers.announce(container);
    return container;
  }

  @Override
  public String kind() {
    return "memo";
  }

  @Override
  public long estimatedSize() {
    return size.getAsLong();
  }

  @Override
  public String bound() {
    return limit.get();
  }

  @Override
  public Map<String, Number> figures() {
    return numbers.get();
  }
}
