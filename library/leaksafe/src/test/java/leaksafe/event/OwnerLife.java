package leaksafe.event;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import leaksafe.event.OwnerLifeTest.Event;
import leaksafe.event.OwnerLifeTest.Form;
import leaksafe.event.OwnerLifeTest.Owner;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Named;

/** A program that prints, for each form of a subscription, how many dead owners a bus keeps and how many live ones it forgets, of 200 each. */
final class OwnerLife {
  private static final int OWNERS = 200;

  private OwnerLife() {}

  /** What became of the owners. */
  record Count(long deadThatAreKept, long liveThatAreForgotten) {}

  /** Prints a line for each form. */
  public static void main(String[] args) {
    OwnerLifeTest.forms().forEach(form -> System.out.println(form.getName() + ": " + count(form)));
    System.exit(0);
  }

  private static Count count(Named<Form> form) {
    EventBus bus = EventBus.create();
    List<WeakReference<Owner>> dead = new ArrayList<>();
    List<Owner> live = new ArrayList<>();
    for (int i = 0; i < OWNERS; i++) {
      dead.add(subscribeDying(form.getPayload(), bus));
      Owner living = new Owner();
      form.getPayload().accept(bus.on(Event.class), living);
      live.add(living);
    }
    bus.publish(new Event());
    try {
      Gc.awaitCleared(dead);
    } catch (AssertionError e) {
      System.out.println(e.getMessage());
    }
    live.forEach(owner -> owner.calls = 0);
    bus.publish(new Event());
    Reference.reachabilityFence(bus);
    return new Count(dead.stream().filter(owner -> !owner.refersTo(null)).count(), live.stream().filter(owner -> owner.calls != 1).count());
  }

  private static WeakReference<Owner> subscribeDying(Form form, EventBus bus) {
    Owner dying = new Owner();
    form.accept(bus.on(Event.class), dying);
    return new WeakReference<>(dying);
  }
}
