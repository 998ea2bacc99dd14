package leaksafe.census;

import java.util.function.ToLongFunction;

/** Knows of a container nothing but its size. */
record SizeProbe<T>(String kind, ToLongFunction<? super T> size) implements Probe<T> {

  @Override
  public long size(T container) {
    return size.applyAsLong(container);
  }
}
