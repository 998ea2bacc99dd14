package leaksafe.registry;

import java.util.function.LongSupplier;
import leaksafe.Container;

/** What the census is told of a container of this room. Refers to the tables, not to the container that users hold. */
record Inventory(String name, String kind, String creationSite, String bound, LongSupplier size) implements Container {

  @Override
  public long estimatedSize() {
    return size.getAsLong();
  }
}
