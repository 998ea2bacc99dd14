package leaksafe.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A bus looks first at the class that last had its snapshot made. That guess must be seen in nothing but the time that it takes. */
@Timeout(60)
class RecentTypeTest {
  record One(int number) {}

  record Other(int number) {}

  private final List<Object> unhandled = new ArrayList<>();
  private final EventBus bus = EventBus.builder().unhandledListener(unhandled::add).build();
  private final List<String> seen = new ArrayList<>();

  @Test
  void classes_that_are_published_in_turn_go_to_their_own_handlers() {
    bus.subscribe(this, One.class, (test, event) -> test.seen.add("one " + event.number()));
    bus.subscribe(this, Other.class, (test, event) -> test.seen.add("other " + event.number()));
    for (int i = 0; i < 3; i++) {
      bus.publish(new One(i));
      bus.publish(new Other(i));
      bus.publish("nobody's " + i);
    }
    assertThat(seen).containsExactly("one 0", "other 0", "one 1", "other 1", "one 2", "other 2");
    assertThat(unhandled).containsExactly("nobody's 0", "nobody's 1", "nobody's 2");
  }

  @Test
  void what_is_subscribed_or_ended_between_counts_for_the_next_event() {
    bus.publish(new One(0));
    Subscription exact = bus.subscribe(this, One.class, (test, event) -> test.seen.add("exact " + event.number()));
    bus.publish(new One(1));
    Subscription any = bus.subscribe(this, Object.class, (test, event) -> test.seen.add("any"));
    bus.publish(new One(2));
    bus.publish(new Other(3)); // the recent one from here on
    exact.close();
    bus.publish(new One(4));
    any.close();
    bus.publish(new One(5));
    bus.publish(new Other(6));
    assertThat(seen).containsExactly("exact 1", "exact 2", "any", "any", "any");
    assertThat(unhandled).containsExactly(new One(0), new One(5), new Other(6));
  }

  @Test
  void a_closed_bus_refuses_the_class_that_it_knows_best() {
    bus.publish(new One(0));
    bus.publish(new One(1));
    bus.close();
    assertThatThrownBy(() -> bus.publish(new One(2))).isInstanceOf(IllegalStateException.class);
  }

  /** A class that two applications have, each its own. */
  public static final class Shared {}

  /** Defines the shared class anew. */
  private static final class Application extends ClassLoader {
    Application() {
      super(RecentTypeTest.class.getClassLoader());
    }

    Object event() throws ReflectiveOperationException, IOException {
      String name = Shared.class.getName();
      Class<?> known = findLoadedClass(name);
      if (known == null) {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
          byte[] bytes = in.readAllBytes();
          known = defineClass(name, bytes, 0, bytes.length);
        }
      }
      return known.getConstructor().newInstance();
    }
  }

  @Test
  void classes_of_one_name_in_two_loaders_are_two() throws Exception {
    Application first = new Application();
    Application second = new Application();
    bus.subscribe(this, first.event().getClass(), (test, event) -> test.seen.add("first"));
    bus.subscribe(this, second.event().getClass(), (test, event) -> test.seen.add("second"));
    for (int i = 0; i < 2; i++) {
      bus.publish(first.event());
      bus.publish(second.event());
      bus.publish(new Shared());
    }
    assertThat(seen).containsExactly("first", "second", "first", "second");
    assertThat(unhandled).hasSize(2).allSatisfy(event -> assertThat(event).isInstanceOf(Shared.class));
  }

  @Test
  void the_class_that_was_published_last_is_not_kept_and_others_go_on_after_it() throws Exception {
    EventBus quiet = EventBus.create(); // it remembers nothing that nobody took
    quiet.subscribe(this, One.class, (test, event) -> test.seen.add("one"));
    Gc.awaitCleared(publishAndDrop(quiet));
    quiet.publish(new One(1));
    assertThat(seen).containsExactly("one");
  }

  private static WeakReference<ClassLoader> publishAndDrop(EventBus bus) throws Exception {
    Application application = new Application();
    bus.publish(application.event());
    return new WeakReference<>(application);
  }

  @Test
  void threads_that_publish_different_classes_while_others_subscribe_lose_and_mix_up_nothing() {
    int events = 50_000;
    AtomicInteger ones = new AtomicInteger();
    AtomicInteger others = new AtomicInteger();
    EventBus shared = EventBus.create();
    shared.subscribeForever(One.class, event -> ones.addAndGet(event.number()));
    shared.subscribeForever(Other.class, event -> others.addAndGet(event.number()));
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Void> changing = CompletableFuture.runAsync(() -> {
      while (!done.get()) {
        shared.subscribe(this, One.class, (test, event) -> { }).close();
        shared.subscribe(this, Object.class, (test, event) -> { }).close();
      }
    }, task -> new Thread(task).start());
    CompletableFuture<?>[] publishing = new CompletableFuture<?>[2];
    for (int i = 0; i < publishing.length; i++) {
      boolean oneFirst = i == 0;
      publishing[i] = CompletableFuture.runAsync(() -> {
        for (int n = 0; n < events; n++) {
          shared.publish(n % 3 == 0 == oneFirst ? new One(1) : new Other(1));
        }
      }, task -> new Thread(task).start());
    }
    CompletableFuture.allOf(publishing).join();
    done.set(true);
    changing.join();
    assertThat(ones).hasValue(events); // a third of one thread's and two thirds of the other's
    assertThat(others).hasValue(events);
    assertThat(shared.estimatedSize()).isEqualTo(2);
  }
}
