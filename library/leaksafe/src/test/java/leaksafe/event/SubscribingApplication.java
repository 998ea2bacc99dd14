package leaksafe.event;

import java.util.function.Consumer;

/** What an application does with a bus that is not its own: it subscribes, publishes and goes, closing nothing. */
public final class SubscribingApplication implements Consumer<EventBus> {
  private static final SubscribingApplication KEPT = new SubscribingApplication();
  private int heard;

  /** Creates it. */
  public SubscribingApplication() {}

  /** An event of the application. */
  static class Placed {}

  /** One of its kind. */
  static final class PlacedTwice extends Placed {}

  @Override
  public void accept(EventBus bus) {
    bus.subscribe(KEPT, Placed.class, SubscribingApplication::hear);
    bus.subscribe(KEPT, Object.class, (application, event) -> application.heard++);
    bus.listen(KEPT, PlacedTwice.class, event -> KEPT.heard++);
    bus.publish(new Placed());
    bus.publish(new PlacedTwice());
    if (KEPT.heard != 5) {
      throw new AssertionError("heard " + KEPT.heard);
    }
  }

  private void hear(Placed event) {
    heard++;
  }
}
