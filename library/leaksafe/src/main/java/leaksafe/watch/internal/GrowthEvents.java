package leaksafe.watch.internal;

import java.util.Optional;
import leaksafe.watch.GrowthListener;

/** Writes alerts into the flight recorder where there is one. */
public final class GrowthEvents {

  private GrowthEvents() {}

  /** Returns the listener that writes events named {@code leaksafe.Growth}, if there is a flight recorder. */
  public static Optional<GrowthListener> listener() {
    return JvmModules.hasFlightRecorder() ? Optional.of(GrowthEvent::write) : Optional.empty();
  }
}
