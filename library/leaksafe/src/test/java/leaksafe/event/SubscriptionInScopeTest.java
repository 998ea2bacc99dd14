package leaksafe.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import leaksafe.resource.Scope;
import org.junit.jupiter.api.Test;

class SubscriptionInScopeTest {

  @Test
  void a_subscription_ends_with_the_scope_that_owns_it() {
    EventBus bus = EventBus.create();
    List<String> heard = new ArrayList<>();
    Subscription subscription;
    try (Scope scope = Scope.open("session")) {
      subscription = scope.own(bus.subscribe(heard, String.class, List::add));
      bus.publish("while it is open");
    }
    assertThat(subscription.isClosed()).isTrue();
    bus.publish("after it was closed");
    assertThat(heard).containsExactly("while it is open");
    assertThat(bus.estimatedSize()).isZero();
    Reference.reachabilityFence(heard);
  }

  @Test
  void subscriptions_of_a_scope_end_before_what_was_opened_earlier_is_closed() {
    Topic<String> topic = Topic.create();
    List<String> heard = new ArrayList<>();
    try (Scope scope = Scope.open("session")) {
      scope.defer(() -> topic.publish("closing"));
      scope.own(topic.subscribe(heard, List::add));
      topic.publish("open");
    }
    assertThat(heard).containsExactly("open");
    Reference.reachabilityFence(heard);
  }

  @Test
  void a_subscription_that_was_closed_before_its_scope_makes_no_trouble() {
    EventBus bus = EventBus.create();
    try (Scope scope = Scope.open("session")) {
      scope.own(bus.subscribe(scope, String.class, (owner, event) -> { })).close();
    }
    assertThat(bus.estimatedSize()).isZero();
  }
}
