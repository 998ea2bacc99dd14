package leaksafe.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Publishing, subscribing and closing at once, from threads that know of each other only what the promises say. */
class PublishAndCloseStressTest {
  private static final int ROUNDS = 20_000;

  /** An event with its number; numbers rise. */
  record Event(long number) {}

  /** Sees that no event comes twice, and none that was published after the subscription was known to be closed. */
  static final class Owner {
    final AtomicLong last = new AtomicLong(-1);
    final AtomicInteger calls = new AtomicInteger();
    volatile long closedBefore = Long.MAX_VALUE;
    volatile String broken = "";

    void on(Event event) {
      calls.incrementAndGet();
      if (last.getAndSet(event.number) >= event.number) {
        broken = "event " + event.number + " came twice, or late";
      }
      if (event.number >= closedBefore) {
        broken = "event " + event.number + " came, but all from " + closedBefore + " were published after the close";
      }
    }
  }

  @Test
  void no_event_comes_twice_and_none_after_the_close() throws Exception {
    try (EventBus bus = EventBus.create()) {
      AtomicBoolean done = new AtomicBoolean();
      AtomicLong published = new AtomicLong();
      Owner permanent = new Owner();
      bus.subscribe(permanent, Event.class, Owner::on);
      Callable<Void> publisher = () -> {
        while (!done.get()) {
          long number = published.get();
          bus.publish(new Event(number));
          published.incrementAndGet(); // one publisher, so that numbers rise for everybody
        }
        return null;
      };
      Callable<Void> subscriber = () -> {
        try {
          for (int i = 0; i < ROUNDS; i++) {
            subscribeAndClose(bus, published);
          }
        } finally {
          done.set(true);
        }
        return null;
      };
      run(List.of(publisher, subscriber, subscriber));
      assertThat(permanent.broken).isEmpty();
      assertThat(permanent.calls.get()).isEqualTo(published.get()).isPositive();
      assertThat(bus.estimatedSize()).isEqualTo(1);
    }
  }

  private static void subscribeAndClose(EventBus bus, AtomicLong published) {
    Owner owner = new Owner();
    EventSource<Event> source = bus.on(Event.class).priority(ThreadLocalRandom.current().nextInt(3));
    long before = published.get();
    Subscription subscription = source.subscribe(owner, Owner::on);
    // The event of that number may be on its way since before the subscription; the next one cannot be.
    long first = published.get() + 1;
    while (ThreadLocalRandom.current().nextInt(4) > 0) {
      Thread.onSpinWait();
    }
    long end = published.get();
    subscription.close();
    // Likewise, an event of this number or a higher one is published after the close.
    owner.closedBefore = published.get() + 1;
    assertThat((long) owner.calls.get()).isBetween(end - first, owner.closedBefore - before);
    assertThat(owner.broken).isEmpty();
    Reference.reachabilityFence(owner);
  }

  @Test
  void a_thread_that_closed_a_subscription_never_calls_it_again() throws Exception {
    try (Topic<Event> topic = Topic.create()) {
      Callable<Void> churn = () -> {
        for (int i = 0; i < ROUNDS; i++) {
          AtomicBoolean closed = new AtomicBoolean();
          Thread self = Thread.currentThread();
          AtomicInteger late = new AtomicInteger();
          Object owner = new Object();
          Subscription subscription = topic.subscribe(owner, (o, e) -> {
            if (closed.get() && Thread.currentThread() == self) {
              late.incrementAndGet();
            }
          });
          topic.publish(new Event(i));
          subscription.close();
          closed.set(true);
          topic.publish(new Event(i));
          assertThat(late).hasValue(0);
          Reference.reachabilityFence(owner);
        }
        return null;
      };
      run(List.of(churn, churn, churn));
      assertThat(topic.estimatedSize()).isZero();
    }
  }

  @Test
  void a_sticky_event_that_is_published_meanwhile_comes_once() throws Exception {
    for (int i = 0; i < 500; i++) {
      try (Topic<Event> topic = Topic.<Event>builder().sticky().build()) {
        Event event = new Event(i);
        List<Owner> owners = new ArrayList<>();
        for (int k = 0; k < 8; k++) {
          owners.add(new Owner());
        }
        run(List.of(
            () -> {
              topic.publish(event);
              return null;
            },
            () -> {
              owners.forEach(owner -> topic.subscribe(owner, Owner::on));
              return null;
            }));
        assertThat(owners).allSatisfy(owner -> assertThat(owner.calls).hasValue(1));
      }
    }
  }

  @Test
  void a_bus_may_be_closed_while_it_is_used() throws Exception {
    for (int i = 0; i < 200; i++) {
      EventBus bus = EventBus.create();
      List<Subscription> made = java.util.Collections.synchronizedList(new ArrayList<>());
      Callable<Void> user = () -> {
        try {
          while (true) {
            made.add(bus.subscribe(made, Event.class, (o, e) -> {}));
            bus.publish(new Event(0));
          }
        } catch (IllegalStateException e) {
          assertThat(e).hasMessageContaining("is closed");
        }
        return null;
      };
      run(List.of(user, user, () -> {
        Thread.yield();
        bus.close();
        return null;
      }));
      assertThat(made).allMatch(Subscription::isClosed);
      assertThat(bus.estimatedSize()).isZero();
    }
  }

  private static final ExecutorService POOL = Executors.newCachedThreadPool(task -> {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    return thread;
  });

  private static void run(List<Callable<Void>> tasks) throws Exception {
    for (Future<Void> future : POOL.invokeAll(tasks)) {
      future.get();
    }
  }
}
