package leaksafe.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** In every form that is accepted, a dead owner is collected and a live one is notified: 200 of each. */
class OwnerLifeTest {
  private static final int OWNERS = 200;

  static class Event {}

  /** Subscribes an owner in one of the forms. */
  interface Form extends BiConsumer<EventSource<Event>, Owner> {}

  static class Owner implements Listener<Event>, BiConsumer<Owner, Event> {
    private static final long serialVersionUID = 1L;
    final byte[] weight = new byte[1024];
    int calls;

    void on(Event event) {
      calls++;
    }

    private void onPrivately(Event event) {
      calls++;
    }

    boolean onAndAnswer(Object event) {
      return ++calls > 0;
    }

    @Override
    public void accept(Event event) {
      calls++;
    }

    @Override
    public void accept(Owner self, Event event) {
      self.calls++;
    }

    void listenToLambda(EventSource<Event> source) {
      source.listen(this, e -> calls++);
    }

    void listenToMethod(EventSource<Event> source) {
      source.listen(this, this::on);
    }

    void listenToPrivateMethod(EventSource<Event> source) {
      source.listen(this, this::onPrivately);
    }

    void listenToMethodWithAResult(EventSource<Event> source) {
      source.listen(this, this::onAndAnswer);
    }

    void listenToSuperMethod(EventSource<Event> source) {
      source.listen(this, e -> Owner.this.on(e));
    }

    void listenWithMoreCaptures(EventSource<Event> source, String tag, int number, AtomicInteger counter) {
      source.listen(this, e -> {
        calls += number;
        counter.addAndGet(tag.length());
      });
    }

    void listenCapturedTwice(EventSource<Event> source, Owner self) {
      source.listen(this, e -> {
        calls++;
        self.weight[0]++;
      });
    }
  }

  static class Derived extends Owner {
    private static final long serialVersionUID = 1L;

    @Override
    void on(Event event) {
      throw new AssertionError("the method of the superclass was subscribed");
    }

    @Override
    void listenToSuperMethod(EventSource<Event> source) {
      source.listen(this, super::on);
    }
  }

  static void onStatically(Owner owner, Event event) {
    owner.calls++;
  }

  static Stream<Named<Form>> forms() {
    AtomicInteger counter = new AtomicInteger();
    return Stream.of(
        named("Owner::on", (s, o) -> s.subscribe(o, Owner::on)),
        named("a static method of the owner and the event", (s, o) -> s.subscribe(o, OwnerLifeTest::onStatically)),
        named("(owner, event) -> ...", (s, o) -> s.subscribe(o, (owner, e) -> owner.on(e))),
        named("(owner, event) -> ... with a capture", (s, o) -> s.subscribe(o, (owner, e) -> owner.calls += counter.getAndIncrement() > 0 ? 1 : 1)),
        named("the owner is the handler", (s, o) -> s.subscribe(o, o)),
        named("the owner is the listener", (s, o) -> s.listen(o, (Listener<Event>) o)),
        named("e -> this...", (s, o) -> o.listenToLambda(s)),
        named("this::on", (s, o) -> o.listenToMethod(s)),
        named("this::onPrivately", (s, o) -> o.listenToPrivateMethod(s)),
        named("this::onAndAnswer", (s, o) -> o.listenToMethodWithAResult(s)),
        named("e -> local.on(e)", (s, o) -> s.listen(o, e -> o.on(e))),
        named("local::on", (s, o) -> s.listen(o, o::on)),
        named("e -> this... with more captures", (s, o) -> o.listenWithMoreCaptures(s, "tag", 1, counter)),
        named("the owner captured twice", (s, o) -> o.listenCapturedTwice(s, o)),
        named("with a filter", (s, o) -> s.filter(e -> e != null).subscribe(o, Owner::on)),
        named("with a filter that captures", (s, o) -> s.filter(e -> counter.get() >= 0).subscribe(o, Owner::on)),
        named("with two filters", (s, o) -> s.filter(e -> true).filter(e -> e != null).subscribe(o, Owner::on)),
        named("with a priority", (s, o) -> s.priority(o.hashCode() % 3).listen(o, o::on)),
        named("with an executor", (s, o) -> s.executor(Runnable::run).listen(o, o::on)));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void a_topic_keeps_no_dead_owner_and_loses_no_live_one(Form form) {
    Topic<Event> topic = Topic.create();
    check(form, topic, topic::estimatedSize, () -> topic.publish(new Event()));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void a_bus_keeps_no_dead_owner_and_loses_no_live_one(Form form) {
    EventBus bus = EventBus.create();
    check(form, bus.on(Event.class), bus::estimatedSize, () -> bus.publish(new Event()));
  }

  private static void check(Form form, EventSource<Event> source, java.util.function.LongSupplier size, Runnable publish) {
    List<WeakReference<Owner>> dead = new ArrayList<>();
    List<Owner> live = new ArrayList<>();
    subscribe(form, source, dead, live);
    publish.run(); // the snapshot that it makes must not keep them either
    Gc.awaitCleared(dead);
    Gc.awaitWithoutGc("the entries of the dead are removed, on an idle topic", () -> size.getAsLong() == OWNERS);
    live.forEach(owner -> owner.calls = 0);
    publish.run();
    assertThat(live).hasSize(OWNERS).allMatch(owner -> owner.calls == 1);
    Reference.reachabilityFence(source);
  }

  private static void subscribe(Form form, EventSource<Event> source, List<WeakReference<Owner>> dead, List<Owner> live) {
    for (int i = 0; i < OWNERS; i++) {
      Owner dying = new Owner();
      form.accept(source, dying);
      dead.add(new WeakReference<>(dying));
      Owner living = new Owner();
      form.accept(source, living);
      live.add(living);
    }
  }

  @Test
  void a_listener_that_does_not_need_its_owner_lives_as_long_as_it() {
    AtomicInteger calls = new AtomicInteger();
    Topic<Event> topic = Topic.create();
    Owner owner = new Owner();
    WeakReference<Owner> gone = listenWithoutOwner(topic, owner, calls);
    Gc.awaitCleared(gone);
    topic.publish(new Event());
    assertThat(calls).hasValue(1);
    Reference.reachabilityFence(owner);
  }

  private static WeakReference<Owner> listenWithoutOwner(Topic<Event> topic, Owner owner, AtomicInteger calls) {
    Owner dying = new Owner();
    topic.listen(owner, e -> calls.incrementAndGet());
    topic.listen(dying, e -> calls.incrementAndGet());
    return new WeakReference<>(dying);
  }

  @Test
  void a_method_of_the_superclass_stays_the_method_of_the_superclass() {
    Topic<Event> topic = Topic.<Event>builder().failureListener(f -> {
      throw new AssertionError(f.cause());
    }).build();
    Derived owner = new Derived();
    owner.listenToSuperMethod(topic);
    topic.publish(new Event());
    assertThat(owner.calls).isEqualTo(1);
  }

  @Test
  void the_topic_of_a_subscription_that_is_kept_is_collected_once_it_ended() {
    List<Subscription> subscriptions = new ArrayList<>();
    Owner owner = new Owner();
    WeakReference<Topic<Event>> topic = subscribeAndDropTopic(owner, subscriptions);
    subscriptions.get(0).close();
    Gc.awaitCleared(topic);
    assertThat(subscriptions.get(0).isClosed()).isTrue();
  }

  private static WeakReference<Topic<Event>> subscribeAndDropTopic(Owner owner, List<Subscription> subscriptions) {
    Topic<Event> topic = Topic.create();
    subscriptions.add(topic.subscribe(owner, Owner::on));
    return new WeakReference<>(topic);
  }

  @Test
  void a_dropped_topic_is_collected_though_its_owners_live() {
    Owner owner = new Owner();
    Gc.awaitCleared(subscribeAndDropTopic(owner, new ArrayList<>()));
    Reference.reachabilityFence(owner);
  }

  @Test
  void a_closed_subscription_keeps_neither_handler_nor_owner() {
    List<Subscription> kept = new ArrayList<>();
    Topic<Event> topic = Topic.create();
    List<WeakReference<Object>> gone = closeAll(topic, kept);
    Gc.awaitCleared(gone);
    Reference.reachabilityFence(kept);
    Reference.reachabilityFence(topic);
  }

  private static List<WeakReference<Object>> closeAll(Topic<Event> topic, List<Subscription> kept) {
    AtomicInteger captured = new AtomicInteger();
    Owner owner = new Owner();
    kept.add(topic.listen(owner, e -> captured.incrementAndGet()));
    kept.add(topic.subscribe(owner, (o, e) -> captured.incrementAndGet()));
    kept.add(topic.subscribeForever(e -> captured.incrementAndGet()));
    topic.publish(new Event());
    assertThat(captured).hasValue(3);
    kept.forEach(Subscription::close);
    return List.of(new WeakReference<>(captured), new WeakReference<>(owner));
  }

  @Test
  void a_subscription_for_ever_stays_though_nobody_else_holds_its_handler() {
    AtomicInteger calls = new AtomicInteger();
    Topic<Event> topic = Topic.create();
    WeakReference<Object> handler = subscribeForever(topic, calls);
    WeakReference<Object> unrelated = new WeakReference<>(new Object());
    Gc.awaitCleared(unrelated);
    topic.publish(new Event());
    assertThat(calls).hasValue(1);
    assertThat(handler.refersTo(null)).isFalse();
    topic.close();
    Gc.awaitCleared(handler);
    Reference.reachabilityFence(topic);
  }

  private static WeakReference<Object> subscribeForever(Topic<Event> topic, AtomicInteger calls) {
    java.util.function.Consumer<Event> handler = e -> calls.incrementAndGet();
    topic.subscribeForever(handler);
    return new WeakReference<>(handler);
  }

  @Test
  void a_task_that_waits_on_an_executor_does_not_keep_the_owner() {
    List<Runnable> waiting = new ArrayList<>();
    Topic<Event> topic = Topic.create();
    Topic<Event> slow = Topic.<Event>builder().executor(waiting::add).build();
    List<WeakReference<Owner>> dead = new ArrayList<>();
    subscribe((s, o) -> s.subscribe(o, Owner::on), slow, dead, new ArrayList<>());
    subscribe((s, o) -> s.executor(waiting::add).listen(o, o::on), topic, dead, new ArrayList<>());
    topic.publish(new Event());
    slow.publish(new Event());
    assertThat(waiting).hasSize(2 * OWNERS + 1);
    Gc.awaitCleared(dead);
    waiting.forEach(Runnable::run);
    Reference.reachabilityFence(topic);
    Reference.reachabilityFence(slow);
  }
}
