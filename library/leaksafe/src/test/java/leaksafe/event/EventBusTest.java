package leaksafe.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import leaksafe.Failure;
import leaksafe.internal.Containers;
import org.junit.jupiter.api.Test;

class EventBusTest {
  interface Event {}

  interface Urgent {}

  record Placed(int number) implements Event {}

  record Cancelled(int number) implements Event, Urgent {}

  static class Base implements Event {}

  static class Special extends Base implements Event, Urgent {}

  private final List<String> seen = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();
  private final List<Object> unhandled = new ArrayList<>();
  private final EventBus bus = EventBus.builder().name("orders").failureListener(failures::add).unhandledListener(unhandled::add).build();

  final class View {
    void onEvent(Event event) {
      seen.add("event");
    }

    void onUrgent(Urgent event) {
      seen.add("urgent");
    }

    void onPlaced(Placed event) {
      seen.add("placed");
    }

    void onObject(Object event) {
      seen.add("object");
    }
  }

  private final View view = new View();

  @Test
  void an_event_goes_to_the_subscriptions_of_its_class_and_its_supertypes_in_their_order() {
    bus.subscribe(view, Urgent.class, View::onUrgent);
    bus.subscribe(view, Object.class, View::onObject);
    bus.listen(view, Placed.class, view::onPlaced);
    bus.subscribe(view, Event.class, View::onEvent);
    bus.publish(new Placed(1));
    assertThat(seen).containsExactly("object", "placed", "event");
    seen.clear();
    bus.publish(new Cancelled(1));
    assertThat(seen).containsExactly("urgent", "object", "event");
    seen.clear();
    bus.publish("text");
    assertThat(seen).containsExactly("object");
  }

  @Test
  void priorities_count_across_types() {
    bus.subscribe(view, Placed.class, View::onPlaced);
    bus.on(Object.class).priority(2).subscribe(view, View::onObject);
    bus.on(Event.class).priority(1).subscribe(view, View::onEvent);
    bus.publish(new Placed(1));
    assertThat(seen).containsExactly("object", "event", "placed");
  }

  @Test
  void a_subscription_gets_an_event_once_however_its_type_is_inherited() {
    bus.subscribe(view, Event.class, View::onEvent);
    bus.publish(new Special());
    assertThat(seen).containsExactly("event");
  }

  @Test
  void subscriptions_count_after_events_of_the_class_were_published() {
    bus.publish(new Placed(1));
    Subscription subscription = bus.subscribe(view, Event.class, View::onEvent);
    bus.publish(new Placed(2));
    assertThat(seen).containsExactly("event");
    bus.subscribe(view, Urgent.class, View::onUrgent);
    bus.publish(new Placed(3));
    assertThat(seen).containsExactly("event", "event");
    subscription.close();
    bus.publish(new Placed(4));
    assertThat(seen).hasSize(2);
    assertThat(unhandled).containsExactly(new Placed(1), new Placed(4));
  }

  @Test
  void a_handler_of_a_supertype_takes_events_of_the_subtype() {
    bus.subscribe(view, Placed.class, View::onObject);
    bus.subscribe((Object) this, Placed.class, (owner, e) -> ((EventBusTest) owner).seen.add("any owner"));
    bus.subscribeForever(Placed.class, (Object e) -> seen.add("for ever"));
    bus.publish(new Placed(1));
    assertThat(seen).containsExactly("object", "any owner", "for ever");
  }

  @Test
  void events_may_be_arrays_and_boxes() {
    bus.listen(this, Number.class, e -> seen.add("number"));
    bus.listen(this, Object[].class, e -> seen.add("array"));
    bus.publish(1);
    bus.publish(new String[0]);
    assertThat(seen).containsExactly("number", "array");
  }

  @Test
  void a_rebuilt_handler_may_take_a_primitive() {
    class Sum {
      long sum;

      void add(int number) {
        sum += number;
      }

      void addWide(long number) {
        sum += number;
      }
    }
    Sum owner = new Sum();
    bus.listen(owner, Integer.class, owner::add);
    Listener<Integer> wide = owner::addWide;
    bus.listen(owner, Integer.class, wide);
    bus.publish(20);
    assertThat(failures).isEmpty();
    assertThat(owner.sum).isEqualTo(40);
  }

  @Test
  void many_types_are_told_apart() {
    List<Object> events = List.of(1, 1L, 1.0, 1f, (short) 1, (byte) 1, 'c', "s", true, new Placed(1), new Cancelled(1), new Base(), new Special(),
        new int[0], new long[0], new Object(), List.of(), new StringBuilder());
    for (Object event : events) {
      bus.on(event.getClass()).filter(e -> e.getClass() == event.getClass()).subscribe(this, (test, e) -> test.seen.add(e.getClass().getName()));
    }
    events.forEach(bus::publish);
    assertThat(seen).containsExactlyElementsOf(events.stream().map(e -> e.getClass().getName()).toList());
  }

  @Test
  void sticky_events_are_kept_one_for_each_declared_type() {
    EventBus sticky = EventBus.builder().sticky(Placed.class).sticky(Urgent.class).build();
    sticky.publish(new Placed(1));
    sticky.publish(new Cancelled(2));
    sticky.publish(new Placed(3));
    sticky.publish(new Base());
    List<Object> replayed = new ArrayList<>();
    sticky.listen(view, Event.class, replayed::add);
    assertThat(replayed).containsExactly(new Cancelled(2), new Placed(3));
    assertThat(sticky.sticky(Placed.class)).isEqualTo(new Placed(3));
    assertThat(sticky.clearSticky(Urgent.class)).isEqualTo(new Cancelled(2));
    assertThat(sticky.sticky(Urgent.class)).isNull();
    assertThatThrownBy(() -> sticky.sticky(Base.class)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("was leaksafe.event.EventBusTest$Base").hasMessageContaining("sticky(Base.class)");
    assertThatThrownBy(() -> sticky.clearSticky(Event.class)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("sticky(Event.class)");
    assertThatThrownBy(() -> bus.sticky(Event.class)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("declared are none: say sticky(");
    sticky.close();
    assertThat(sticky.sticky(Placed.class)).isNull();
  }

  @Test
  void an_event_of_two_sticky_types_is_given_once() {
    EventBus sticky = EventBus.builder().sticky(Event.class).sticky(Urgent.class).sticky(Urgent.class).build();
    Cancelled event = new Cancelled(1);
    sticky.publish(event);
    List<Object> replayed = new ArrayList<>();
    sticky.listen(view, Object.class, replayed::add);
    assertThat(replayed).containsExactly(event);
    sticky.publish(event);
    assertThat(replayed).containsExactly(event, event);
  }

  @Test
  void a_closed_bus_has_ended_every_subscription_and_takes_nothing_more() {
    Subscription first = bus.subscribe(view, Placed.class, View::onPlaced);
    Subscription second = bus.subscribe(view, Event.class, View::onEvent);
    bus.publish(new Placed(1));
    bus.close();
    assertThat(first.isClosed()).isTrue();
    assertThat(second.isClosed()).isTrue();
    assertThat(bus.estimatedSize()).isZero();
    assertThatThrownBy(() -> bus.publish(new Placed(1))).isInstanceOf(IllegalStateException.class).hasMessageContaining("orders is closed");
    assertThatThrownBy(() -> bus.subscribe(view, Placed.class, View::onPlaced)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void a_primitive_type_is_refused() {
    assertThatThrownBy(() -> bus.on(int.class)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("type must be a class or an interface, but was int: events are objects");
    assertThatThrownBy(() -> EventBus.builder().sticky(int.class)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"})
  void a_listener_for_another_type_of_events_is_refused() {
    Listener<Placed> listener = view::onPlaced;
    assertThatThrownBy(() -> bus.listen(view, Cancelled.class, (Listener) listener)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("handler must take events of " + Cancelled.class.getName() + ", but takes " + Placed.class.getName());
    assertThat(bus.estimatedSize()).isZero();
  }

  @Test
  void a_handler_for_another_owner_or_event_is_reported_and_stops_nobody() {
    @SuppressWarnings({"unchecked", "rawtypes"})
    Class<Placed> polluted = (Class) Cancelled.class;
    bus.subscribe(view, polluted, View::onPlaced);
    bus.subscribe(view, Event.class, View::onEvent);
    bus.publish(new Cancelled(1));
    assertThat(seen).containsExactly("event");
    assertThat(failures).singleElement().satisfies(f -> {
      assertThat(f.cause()).isInstanceOf(ClassCastException.class);
      assertThat(f.detail()).contains("EventBusTest$View").contains("EventBusTest$Cancelled");
    });
  }

  @Test
  void nulls_are_refused_by_name() {
    assertThatThrownBy(() -> bus.publish(null)).isInstanceOf(NullPointerException.class).hasMessage("event");
    assertThatThrownBy(() -> bus.subscribe(null, Placed.class, (o, e) -> {})).isInstanceOf(NullPointerException.class).hasMessage("owner");
    assertThatThrownBy(() -> bus.listen(null, Placed.class, e -> {})).isInstanceOf(NullPointerException.class).hasMessage("owner");
    assertThatThrownBy(() -> bus.subscribe(view, null, View::onPlaced)).isInstanceOf(NullPointerException.class).hasMessage("type");
    assertThatThrownBy(() -> bus.subscribe(view, Placed.class, null)).isInstanceOf(NullPointerException.class).hasMessage("handler");
    assertThatThrownBy(() -> bus.listen(view, Placed.class, null)).isInstanceOf(NullPointerException.class).hasMessage("handler");
    assertThatThrownBy(() -> bus.subscribeForever(Placed.class, null)).isInstanceOf(NullPointerException.class).hasMessage("handler");
    assertThatThrownBy(() -> bus.on(Placed.class).filter(null)).isInstanceOf(NullPointerException.class).hasMessage("filter");
    assertThatThrownBy(() -> bus.on(Placed.class).executor(null)).isInstanceOf(NullPointerException.class).hasMessage("executor");
    assertThatThrownBy(() -> EventBus.builder().name(null)).isInstanceOf(NullPointerException.class).hasMessage("name");
    assertThatThrownBy(() -> EventBus.builder().executor(null)).isInstanceOf(NullPointerException.class).hasMessage("executor");
    assertThatThrownBy(() -> EventBus.builder().failureListener(null)).isInstanceOf(NullPointerException.class).hasMessage("listener");
    assertThatThrownBy(() -> EventBus.builder().unhandledListener(null)).isInstanceOf(NullPointerException.class).hasMessage("listener");
    assertThatThrownBy(() -> EventBus.builder().sticky(null)).isInstanceOf(NullPointerException.class).hasMessage("type");
    assertThatThrownBy(() -> Topic.builder().unhandledListener(null)).isInstanceOf(NullPointerException.class).hasMessage("listener");
    assertThatThrownBy(() -> Topic.create().publish(null)).isInstanceOf(NullPointerException.class).hasMessage("event");
  }

  @Test
  void a_bus_shows_itself_to_the_census() {
    EventBus sticky = EventBus.builder().name("shown").sticky(Placed.class).build();
    sticky.subscribe(view, Placed.class, View::onPlaced);
    assertThat(Containers.list()).anySatisfy(container -> {
      assertThat(container.name()).isEqualTo("shown");
      assertThat(container.kind()).isEqualTo("bus");
      assertThat(container.estimatedSize()).isEqualTo(1);
      assertThat(container.bound()).isEqualTo("weak owners, 1 sticky event");
    });
  }
}
