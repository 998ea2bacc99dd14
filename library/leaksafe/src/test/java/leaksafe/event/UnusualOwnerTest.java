package leaksafe.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.testing.ApplicationLoader;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;

/** Owners whose classes were not written in a file of their own, and that keep no code from being unloaded. */
class UnusualOwnerTest {
  private final AtomicInteger calls = new AtomicInteger();
  private final EventBus bus = EventBus.create();

  /** Defined once more as a hidden class. */
  static final class Template {}

  /** Constants with bodies have classes of their own. */
  enum Shape {
    ROUND {
      @Override
      int corners() {
        return 0;
      }
    };

    abstract int corners();
  }

  private static Runnable proxy() {
    // equals and hashCode fail: an owner is an identity, and its code none of the bus's business
    InvocationHandler handler = (self, method, args) -> {
      throw new UnsupportedOperationException(method.getName());
    };
    return (Runnable) Proxy.newProxyInstance(UnusualOwnerTest.class.getClassLoader(), new Class<?>[] {Runnable.class}, handler);
  }

  private static Object hidden() throws IOException, ReflectiveOperationException {
    try (InputStream file = UnusualOwnerTest.class.getResourceAsStream("UnusualOwnerTest$Template.class")) {
      Class<?> type = MethodHandles.lookup().defineHiddenClass(file.readAllBytes(), false).lookupClass();
      var constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    }
  }

  @Test
  void a_proxy_is_an_owner_and_none_of_its_methods_is_called() {
    Runnable owner = proxy();
    Subscription subscription = bus.subscribe(owner, String.class, (self, e) -> calls.incrementAndGet());
    bus.publish("1");
    assertThat(calls).hasValue(1);
    assertThat(subscription.toString()).contains("$Proxy");
    subscription.close();
    Reference.reachabilityFence(owner);
    Gc.awaitCleared(droppedProxy());
    Gc.awaitWithoutGc("removed", () -> bus.estimatedSize() == 0);
  }

  private WeakReference<Object> droppedProxy() {
    Runnable owner = proxy();
    bus.subscribe(owner, String.class, (self, e) -> calls.incrementAndGet());
    return new WeakReference<>(owner);
  }

  @Test
  void a_lambda_that_captured_a_proxy_is_rebuilt_for_it() {
    Runnable owner = proxy();
    bus.listen(owner, String.class, e -> {
      calls.incrementAndGet();
      owner.run();
    });
    assertThatThrownBy(() -> bus.subscribe(owner, String.class, (self, e) -> owner.run())).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(": $Proxy");
    bus.publish("1");
    assertThat(calls).hasValue(1);
    assertThat(bus.estimatedSize()).isEqualTo(1);
    Reference.reachabilityFence(owner);
  }

  @Test
  void hidden_classes_of_owners_and_events_are_unloaded() throws Exception {
    List<WeakReference<?>> classes = List.of(subscribed(hidden()), published(hidden()));
    assertThat(calls).hasValue(1);
    Gc.awaitCleared(classes);
    Gc.awaitWithoutGc("removed", () -> bus.estimatedSize() == 0);
  }

  private WeakReference<?> subscribed(Object owner) {
    bus.subscribe(owner, Object.class, (self, e) -> {});
    return new WeakReference<>(owner.getClass());
  }

  private WeakReference<?> published(Object event) {
    Subscription subscription = bus.subscribeForever(event.getClass(), e -> calls.incrementAndGet());
    bus.publish(event);
    subscription.close();
    return new WeakReference<>(event.getClass());
  }

  @Test
  void a_handler_of_a_hidden_class_that_nobody_else_holds_stays_as_long_as_its_owner() throws Exception {
    List<Object> given = new ArrayList<>(List.of(bus));
    ApplicationLoader.runAndDrop(HidingApplication.class, given);
    bus.publish("1");
    Gc.awaitCleared(new WeakReference<>(new Object()));
    bus.publish("2");
    assertThat(given.remove(1)).hasToString("2 runs");
    Gc.await("removed", () -> bus.estimatedSize() == 0);
  }

  @Test
  void a_constant_with_a_body_is_refused_as_any_other() {
    assertThatThrownBy(() -> bus.subscribe(Shape.ROUND, String.class, (self, e) -> {})).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the constant leaksafe.event.UnusualOwnerTest$Shape.ROUND");
  }
}
