package leaksafe.event;

import static org.assertj.core.api.Assertions.assertThat;

import leaksafe.testing.Allocation;
import org.junit.jupiter.api.Test;

/** Publishing makes no objects. */
class PublishCostTest {
  private static final double NOTHING = 0.5; // bytes: what the JVM itself allocates now and then, over many runs

  private int seen;

  private void on(Object event) {
    seen++;
  }

  @Test
  void publishing_allocates_nothing() {
    Topic<Object> topic = Topic.create();
    EventBus bus = EventBus.create();
    for (int i = 0; i < 5; i++) {
      topic.subscribe(this, PublishCostTest::on);
      topic.priority(1).listen(this, this::on);
      bus.subscribe(this, Object.class, PublishCostTest::on);
      bus.subscribe(this, String.class, PublishCostTest::on);
      bus.on(String.class).filter(text -> !text.isEmpty()).listen(this, this::on);
    }
    assertThat(Allocation.bytesOf(() -> {
      topic.publish("event");
      bus.publish("event");
      bus.publish(this);
    })).isLessThan(NOTHING);
    assertThat(seen).isPositive();
  }
}
