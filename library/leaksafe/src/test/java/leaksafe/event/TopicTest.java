package leaksafe.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.Container;
import leaksafe.Failure;
import leaksafe.internal.Containers;
import org.junit.jupiter.api.Test;

class TopicTest {
  private final List<String> seen = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();
  private final List<String> unhandled = new ArrayList<>();
  private final Topic<String> topic =
      Topic.<String>builder().name("news").failureListener(failures::add).unhandledListener(unhandled::add).build();

  /** A handler gets the event with the name of its owner before it. */
  record Owner(String name, List<String> seen) {
    void on(String event) {
      seen.add(name + event);
    }

    void fail(String event) {
      throw new IllegalStateException("on purpose");
    }
  }

  private final Owner a = new Owner("a", seen);
  private final Owner b = new Owner("b", seen);
  private final Owner c = new Owner("c", seen);

  @Test
  void handlers_are_called_in_the_order_of_subscription() {
    topic.subscribe(b, Owner::on);
    topic.listen(a, a::on);
    topic.subscribeForever(c::on);
    topic.subscribe(a, (owner, e) -> owner.on(e));
    topic.publish("1");
    assertThat(seen).containsExactly("b1", "a1", "c1", "a1");
  }

  @Test
  void higher_priorities_are_called_first() {
    topic.subscribe(a, Owner::on);
    topic.priority(-1).subscribe(b, Owner::on);
    topic.priority(5).subscribe(c, Owner::on);
    topic.subscribe(b, Owner::on);
    topic.priority(5).subscribe(b, Owner::on);
    topic.publish("1");
    assertThat(seen).containsExactly("c1", "b1", "a1", "b1", "b1");
  }

  @Test
  void a_closed_subscription_leaves_the_order_of_the_others_alone() {
    List<Subscription> subscriptions = new ArrayList<>();
    List<Owner> owners = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Owner owner = new Owner(i + "-", seen);
      owners.add(owner);
      subscriptions.add(topic.priority(i % 2).subscribe(owner, Owner::on));
    }
    for (int i = 0; i < 36; i++) {
      subscriptions.get(i).close();
    }
    topic.priority(1).subscribe(a, Owner::on);
    topic.publish("1");
    assertThat(seen).containsExactly("37-1", "39-1", "a1", "36-1", "38-1");
    assertThat(owners).hasSize(40); // alive until here
  }

  @Test
  void a_filter_decides_who_is_called() {
    topic.filter(e -> e.length() > 1).subscribe(a, Owner::on);
    topic.filter(e -> e.length() < 3).filter(e -> e.startsWith("x")).listen(b, b::on);
    topic.publish("x");
    topic.publish("xx");
    topic.publish("yyy");
    assertThat(seen).containsExactly("bx", "axx", "bxx", "ayyy");
    topic.publish("z");
    assertThat(unhandled).containsExactly("z");
  }

  @Test
  void a_filter_that_fails_is_reported_and_its_handler_not_called() {
    topic.filter(e -> {
      throw new IllegalStateException("on purpose");
    }).subscribe(a, Owner::on);
    topic.subscribe(b, Owner::on);
    topic.publish("1");
    assertThat(seen).containsExactly("b1");
    assertThat(failures).singleElement().satisfies(f -> assertThat(f.role()).isEqualTo("filter"));
  }

  @Test
  void a_handler_whose_filter_closed_it_is_not_called() {
    AtomicReference<Subscription> own = new AtomicReference<>();
    own.set(topic.filter(e -> {
      own.get().close();
      return true;
    }).subscribe(a, Owner::on));
    Topic<String> all = topic; // a filter that captured this would reach the owner
    topic.filter(e -> {
      all.close();
      return true;
    }).listen(b, b::on);
    topic.subscribe(c, Owner::on);
    topic.publish("1");
    assertThat(seen).isEmpty();
    assertThat(unhandled).containsExactly("1");
  }

  @Test
  void a_failing_handler_is_reported_and_stops_nobody() {
    topic.subscribe(a, Owner::on);
    topic.subscribe(b, Owner::fail);
    topic.subscribeForever(e -> {
      throw new AssertionError("an error");
    });
    topic.listen(this, e -> TopicTest.<RuntimeException>sneak(new IOException("checked")));
    topic.subscribe(c, Owner::on);
    topic.publish("1");
    assertThat(seen).containsExactly("a1", "c1");
    assertThat(failures).extracting(Failure::container).containsOnly("news");
    assertThat(failures).extracting(Failure::role).containsOnly("handler");
    assertThat(failures.get(0).cause()).isInstanceOf(IllegalStateException.class);
    assertThat(failures.get(0).detail()).startsWith("owner leaksafe.event.TopicTest$Owner, event java.lang.String@");
    assertThat(failures.get(1).cause()).isInstanceOf(AssertionError.class);
    assertThat(failures.get(1).detail()).startsWith("no owner, event java.lang.String@");
    assertThat(failures.get(2).cause()).isInstanceOf(IOException.class);
  }

  @Test
  void an_interrupt_that_a_handler_threw_past_the_compiler_is_seen_by_the_thread() {
    topic.listen(this, e -> TopicTest.<RuntimeException>sneak(new InterruptedException()));
    topic.publish("1");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(failures).hasSize(1);
  }

  @SuppressWarnings("unchecked")
  private static <X extends Throwable> void sneak(Throwable e) throws X {
    throw (X) e;
  }

  @Test
  void a_failing_failure_listener_stops_nobody() {
    Topic<String> strict = Topic.<String>builder().failureListener(f -> {
      throw new IllegalStateException("the listener fails on purpose, and that is logged");
    }).build();
    strict.subscribe(b, Owner::fail);
    strict.subscribe(c, Owner::on);
    strict.publish("1");
    assertThat(seen).containsExactly("c1");
  }

  @Test
  void a_handler_for_another_type_of_events_is_reported() {
    @SuppressWarnings({"unchecked", "rawtypes"})
    Topic<Integer> polluted = (Topic) topic;
    polluted.subscribe(a, (owner, number) -> owner.on("number " + number));
    topic.subscribe(b, Owner::on);
    topic.publish("1");
    assertThat(seen).containsExactly("b1");
    assertThat(failures).singleElement().satisfies(f -> assertThat(f.cause()).isInstanceOf(ClassCastException.class));
  }

  @Test
  void a_handler_that_overflows_the_stack_by_itself_stops_nobody() {
    topic.listen(this, e -> overflow(0));
    topic.subscribe(b, Owner::on);
    topic.publish("1");
    assertThat(seen).containsExactly("b1");
    assertThat(failures).singleElement().satisfies(f -> assertThat(f.cause()).isInstanceOf(StackOverflowError.class));
  }

  private static int overflow(int depth) {
    return overflow(depth + 1) + 1;
  }

  @Test
  void handlers_that_publish_what_they_handle_end_in_a_stack_overflow_of_the_publisher() {
    topic.listen(this, e -> topic.publish(e));
    topic.listen(this, e -> topic.publish(e));
    topic.subscribe(c, Owner::on);
    assertThatThrownBy(() -> topic.publish("1")).isInstanceOf(StackOverflowError.class);
  }

  @Test
  void an_event_without_a_handler_is_observable() {
    topic.publish("1");
    Subscription subscription = topic.subscribe(a, Owner::on);
    topic.publish("2");
    subscription.close();
    topic.publish("3");
    assertThat(unhandled).containsExactly("1", "3");
    assertThat(container().figures()).containsEntry("unhandled", 2L).containsEntry("failures", 0L).containsEntry("subscriptions", 0);
  }

  @Test
  void a_failing_unhandled_listener_is_reported() {
    Topic<String> strict = Topic.<String>builder().failureListener(failures::add).unhandledListener(e -> {
      throw new IllegalStateException("on purpose");
    }).build();
    strict.publish("1");
    assertThat(failures).singleElement().satisfies(f -> assertThat(f.role()).isEqualTo("unhandled listener"));
  }

  @Test
  void an_event_that_a_handler_publishes_is_delivered_before_the_rest_of_the_first() {
    topic.listen(this, e -> {
      a.on(e);
      if (e.equals("1")) {
        topic.publish("2");
      }
    });
    topic.subscribe(b, Owner::on);
    topic.publish("1");
    assertThat(seen).containsExactly("a1", "a2", "b2", "b1");
  }

  @Test
  void a_handler_that_is_subscribed_by_a_handler_does_not_get_the_same_event() {
    topic.listen(this, e -> topic.subscribe(b, Owner::on));
    topic.publish("1");
    assertThat(seen).isEmpty();
    topic.publish("2");
    assertThat(seen).containsExactly("b2");
  }

  @Test
  void a_handler_that_is_closed_by_a_handler_before_it_is_not_called() {
    AtomicReference<Subscription> second = new AtomicReference<>();
    topic.listen(this, e -> second.get().close());
    second.set(topic.subscribe(b, Owner::on));
    topic.subscribe(c, Owner::on);
    topic.publish("1");
    assertThat(seen).containsExactly("c1");
  }

  @Test
  void a_handler_may_close_itself() {
    AtomicReference<Subscription> own = new AtomicReference<>();
    own.set(topic.listen(this, e -> {
      a.on(e);
      own.get().close();
    }));
    topic.publish("1");
    topic.publish("2");
    assertThat(seen).containsExactly("a1");
    assertThat(own.get().isClosed()).isTrue();
  }

  @Test
  void closing_a_subscription_twice_does_nothing() {
    Subscription first = topic.subscribe(a, Owner::on);
    topic.subscribe(b, Owner::on);
    assertThat(first.isClosed()).isFalse();
    first.close();
    first.close();
    assertThat(topic.estimatedSize()).isEqualTo(1);
    topic.publish("1");
    assertThat(seen).containsExactly("b1");
  }

  @Test
  void one_owner_may_subscribe_twice_and_is_called_twice() {
    topic.subscribe(a, Owner::on);
    Subscription second = topic.subscribe(a, Owner::on);
    topic.publish("1");
    second.close();
    topic.publish("2");
    assertThat(seen).containsExactly("a1", "a1", "a2");
  }

  @Test
  void an_executor_of_the_topic_gets_one_task_for_each_event() {
    List<Runnable> tasks = new ArrayList<>();
    Topic<String> slow = Topic.<String>builder().executor(tasks::add).unhandledListener(unhandled::add).build();
    slow.subscribe(a, Owner::on);
    Subscription closed = slow.subscribe(b, Owner::on);
    slow.publish("1");
    slow.publish("2");
    assertThat(seen).isEmpty();
    assertThat(tasks).hasSize(2);
    tasks.get(0).run();
    closed.close();
    tasks.get(1).run();
    assertThat(seen).containsExactly("a1", "b1", "a2");
    slow.close();
    tasks.get(1).run();
    assertThat(seen).hasSize(3);
  }

  @Test
  void an_executor_of_a_subscription_gets_one_task_for_each_call() {
    List<Runnable> tasks = new ArrayList<>();
    topic.executor(tasks::add).subscribe(a, Owner::on);
    topic.subscribe(b, Owner::on);
    Subscription closed = topic.executor(tasks::add).filter(e -> e.equals("1")).listen(c, c::on);
    topic.publish("1");
    topic.publish("2");
    closed.close();
    assertThat(seen).containsExactly("b1", "b2");
    assertThat(tasks).hasSize(3);
    tasks.forEach(Runnable::run);
    assertThat(seen).containsExactly("b1", "b2", "a1", "a2");
  }

  @Test
  void a_handler_that_fails_on_an_executor_is_reported() {
    topic.executor(Runnable::run).subscribe(a, Owner::fail);
    topic.publish("1");
    assertThat(failures).singleElement().satisfies(f -> assertThat(f.role()).isEqualTo("handler"));
  }

  @Test
  void a_rejected_call_is_reported_and_stops_nobody() {
    topic.executor(task -> {
      throw new RejectedExecutionException("full");
    }).subscribe(a, Owner::on);
    topic.subscribe(b, Owner::on);
    topic.publish("1");
    assertThat(seen).containsExactly("b1");
    assertThat(failures).singleElement().satisfies(f -> assertThat(f.role()).isEqualTo("executor"));
  }

  @Test
  void a_rejected_publication_is_the_publishers_to_know() {
    Topic<String> full = Topic.<String>builder().sticky().failureListener(failures::add).executor(task -> {
      throw new RejectedExecutionException("full");
    }).build();
    full.subscribe(a, Owner::on);
    assertThatThrownBy(() -> full.publish("1")).isInstanceOf(RejectedExecutionException.class);
    assertThat(full.subscribe(b, Owner::on).isClosed()).isFalse();
    assertThat(failures).singleElement().satisfies(f -> assertThat(f.role()).isEqualTo("executor"));
  }

  @Test
  void a_subscription_stays_though_the_executor_fails_to_bring_it_the_sticky_event() {
    Topic<String> failing = Topic.<String>builder().sticky().failureListener(failures::add).executor(task -> {
      throw new OutOfMemoryError("unable to create native thread, on purpose");
    }).build();
    assertThatThrownBy(() -> failing.publish("1")).isInstanceOf(OutOfMemoryError.class);
    assertThat(failing.subscribe(a, Owner::on).isClosed()).isFalse();
    assertThat(failures).singleElement().satisfies(f -> assertThat(f.role()).isEqualTo("executor"));
  }

  @Test
  void a_sticky_topic_gives_the_last_event_to_who_comes_later() {
    Topic<String> sticky = Topic.<String>builder().sticky().build();
    sticky.subscribe(a, Owner::on);
    assertThat(sticky.sticky()).isNull();
    sticky.publish("1");
    sticky.publish("2");
    sticky.subscribe(b, Owner::on);
    sticky.filter(e -> e.equals("1")).subscribe(c, Owner::on);
    assertThat(seen).containsExactly("a1", "a2", "b2");
    assertThat(sticky.sticky()).isEqualTo("2");
    assertThat(sticky.clearSticky()).isEqualTo("2");
    assertThat(sticky.clearSticky()).isNull();
    sticky.listen(c, c::on);
    assertThat(seen).hasSize(3);
    sticky.publish("3");
    assertThat(seen).hasSize(6);
    sticky.close();
    assertThat(sticky.sticky()).isNull();
  }

  @Test
  void a_filter_and_a_handler_that_fail_for_a_kept_event_leave_the_subscription() {
    Topic<String> sticky = Topic.<String>builder().sticky().failureListener(failures::add).build();
    sticky.publish("1");
    Subscription filtered = sticky.filter(e -> {
      throw new IllegalStateException("on purpose");
    }).subscribe(a, Owner::on);
    Subscription failing = sticky.subscribe(a, Owner::fail);
    assertThat(failures).extracting(Failure::role).containsExactly("filter", "handler");
    assertThat(List.of(filtered, failing)).noneMatch(Subscription::isClosed);
    assertThat(sticky.estimatedSize()).isEqualTo(2);
  }

  @Test
  void a_topic_that_is_not_sticky_keeps_nothing() {
    topic.publish("1");
    assertThat(topic.sticky()).isNull();
    assertThat(topic.clearSticky()).isNull();
  }

  @Test
  void a_closed_topic_has_ended_every_subscription_and_takes_nothing_more() {
    Subscription subscription = topic.subscribe(a, Owner::on);
    topic.publish("1");
    topic.close();
    topic.close();
    assertThat(subscription.isClosed()).isTrue();
    assertThat(topic.estimatedSize()).isZero();
    assertThatThrownBy(() -> topic.publish("2")).isInstanceOf(IllegalStateException.class)
        .hasMessage("news is closed: it takes neither subscriptions nor events any more");
    assertThatThrownBy(() -> topic.subscribe(a, Owner::on)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> topic.listen(a, a::on)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> topic.subscribeForever(a::on)).isInstanceOf(IllegalStateException.class);
    assertThat(Containers.list()).noneMatch(container -> container == topic);
    assertThat(seen).containsExactly("a1");
  }

  @Test
  void a_handler_may_close_the_topic() {
    topic.listen(this, e -> topic.close());
    topic.subscribe(b, Owner::on);
    topic.publish("1");
    assertThat(seen).isEmpty();
    assertThat(unhandled).isEmpty();
  }

  @Test
  void a_topic_shows_itself_to_the_census() {
    topic.subscribe(a, Owner::on);
    assertThat(container().kind()).isEqualTo("topic");
    assertThat(container().bound()).isEqualTo("weak owners");
    assertThat(container().estimatedSize()).isEqualTo(1);
    assertThat(container().creationSite()).contains("TopicTest");
    assertThat(container().isUnbounded()).isFalse();
    assertThat(Topic.create().toString()).startsWith("topic@leaksafe.event.TopicTest.a_topic_shows");
  }

  private Container container() {
    return Containers.list().stream().filter(container -> container == topic).findFirst().orElseThrow();
  }
}
