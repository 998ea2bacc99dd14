package leaksafe.cache;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A resource that notes every misuse: closed twice, used after it was closed, more open than allowed. */
final class Handle implements AutoCloseable {

  /** Where handles come from. */
  static final class Source {
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger mostOpen = new AtomicInteger();
    final List<String> faults = new CopyOnWriteArrayList<>();

    Handle open(Object key) {
      mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
      return new Handle(this, key, opened.incrementAndGet());
    }
  }

  private final Source source;
  final Object key;
  final int number;
  private final AtomicInteger closings = new AtomicInteger();
  @Nullable RuntimeException failure;

  private Handle(Source source, Object key, int number) {
    this.source = source;
    this.key = key;
    this.number = number;
  }

  Handle use() {
    if (closings.get() > 0) {
      source.faults.add("used after it was closed: " + this);
    }
    return this;
  }

  boolean isClosed() {
    return closings.get() > 0;
  }

  @Override
  public void close() {
    if (closings.incrementAndGet() > 1) {
      source.faults.add("closed twice: " + this);
    }
    source.open.decrementAndGet();
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public String toString() {
    return key + "#" + number;
  }
}
