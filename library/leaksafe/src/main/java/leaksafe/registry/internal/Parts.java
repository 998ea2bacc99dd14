package leaksafe.registry.internal;

import java.util.Objects;
import java.util.function.Consumer;
import leaksafe.registry.WeakRegistry;
import org.jspecify.annotations.Nullable;

/** Registries that are parts of other containers, which make themselves known: so they are not in the census a second time. */
public final class Parts {
  private static volatile @Nullable Consumer<WeakRegistry.Builder<?, ?>> marker;

  private Parts() {}

  /** Has a builder build registries that are not in the census. */
  public static void mark(WeakRegistry.Builder<?, ?> builder) {
    Objects.requireNonNull(marker).accept(builder); // set before there is any builder
  }

  /** The builder, which offers users no such option, says how. */
  public static void markBuildersBy(Consumer<WeakRegistry.Builder<?, ?>> consumer) {
    marker = consumer;
  }
}
