package leaksafe.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import leaksafe.testing.Allocation;
import org.junit.jupiter.api.Test;

/** Publishing makes no objects, and calls handlers without reflection. */
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

  private final Set<String> between = new HashSet<>();

  private void look(Object event) {
    seen++;
    StackWalker.getInstance(StackWalker.Option.SHOW_HIDDEN_FRAMES).forEach(frame -> between.add(frame.getClassName() + "." + frame.getMethodName()));
  }

  @Test
  void between_the_publisher_and_its_handlers_there_is_no_reflection() throws InterruptedException {
    EventBus bus = EventBus.create();
    int one = 1;
    bus.subscribe(this, String.class, PublishCostTest::look);
    bus.listen(this, String.class, this::look);
    bus.listen(this, String.class, event -> look(event + one)); // bound by a method handle
    bus.on(Object.class).filter(event -> event != null).priority(1).listen(this, this::look);
    Thread publisher = new Thread(() -> bus.publish("event")); // the test itself is called by reflection
    publisher.start();
    publisher.join();
    assertThat(seen).isEqualTo(4);
    assertThat(between).anyMatch(frame -> frame.endsWith("Hub.deliver")).noneMatch(frame -> frame.contains(".reflect."));
  }
}
