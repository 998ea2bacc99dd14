package leaksafe.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import org.junit.jupiter.api.Test;

/** What a subscription is as text. */
class SubscriptionTextTest {
  private static final String OWNER = "leaksafe.event.SubscriptionTextTest$View";

  private static final class View {
    @Override
    public String toString() {
      throw new AssertionError("no code of users is called");
    }
  }

  private final View view = new View();

  @Test
  void it_names_where_it_is_for_whom_and_to_what_until_it_has_ended() {
    EventBus bus = EventBus.builder().name("orders").build();
    Subscription subscription = bus.subscribe(view, String.class, (owner, event) -> { });
    assertThat(subscription).hasToString("Subscription[orders, of a " + OWNER + ", to java.lang.String]");
    subscription.close();
    assertThat(subscription).hasToString("Subscription[ended]");
    Reference.reachabilityFence(view);
  }

  @Test
  void one_for_ever_says_so() {
    EventBus bus = EventBus.builder().name("orders").build();
    Subscription subscription = bus.subscribeForever(Number.class, event -> { });
    assertThat(subscription).hasToString("Subscription[orders, for ever, to java.lang.Number]");
    bus.close();
    assertThat(subscription).hasToString("Subscription[ended]");
  }

  @Test
  void a_topic_has_one_type_of_events_which_it_does_not_know() {
    Topic<String> topic = Topic.<String>builder().name("news").build();
    assertThat(topic.subscribe(view, (owner, event) -> { })).hasToString("Subscription[news, of a " + OWNER + "]");
    Reference.reachabilityFence(view);
  }
}
