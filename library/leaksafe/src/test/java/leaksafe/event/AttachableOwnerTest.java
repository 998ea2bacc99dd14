package leaksafe.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import leaksafe.registry.Attachable;
import leaksafe.registry.Attachments;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;

/** An owner with room for its handlers may have handlers that no other owner may: those that reach it by any way. */
class AttachableOwnerTest {
  private static final int OWNERS = 200;

  static class View {
    int seen;

    /** An anonymous class, which cannot be rebuilt without its owner. */
    Subscription listen(EventSource<String> source) {
      return source.listen(this, new Listener<>() {
        private static final long serialVersionUID = 1L;

        @Override
        public void accept(String event) {
          seen++;
        }
      });
    }

    /** A lambda that reaches its owner by a detour, too. */
    Subscription listenByDetour(EventSource<String> source) {
      List<View> detour = List.of(this);
      return source.listen(this, event -> detour.get(0).seen++);
    }
  }

  static final class AttachableView extends View implements Attachable {
    private final Attachments attachments = new Attachments();

    @Override
    public Attachments attachments() {
      return attachments;
    }
  }

  @Test
  void other_owners_are_refused_such_handlers() {
    Topic<String> topic = Topic.create();
    View view = new View();
    assertThatThrownBy(() -> view.listen(topic)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("would keep it alive");
    assertThatThrownBy(() -> view.listenByDetour(topic)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("would keep it alive");
  }

  @Test
  void no_dead_owner_is_kept_and_no_live_one_is_forgotten() {
    EventBus bus = EventBus.create();
    List<WeakReference<AttachableView>> dead = new ArrayList<>();
    List<AttachableView> live = new ArrayList<>();
    for (int i = 0; i < OWNERS; i++) {
      dead.add(dying(bus));
      AttachableView living = new AttachableView();
      living.listen(bus.on(String.class));
      living.listenByDetour(bus.on(String.class));
      live.add(living);
    }
    bus.publish("first");
    Gc.awaitCleared(dead);
    Gc.awaitWithoutGc("the entries of the dead are removed", () -> bus.estimatedSize() == 2 * OWNERS);
    bus.publish("second");
    assertThat(live).allMatch(view -> view.seen == 4);
    Reference.reachabilityFence(bus);
  }

  private static WeakReference<AttachableView> dying(EventBus bus) {
    AttachableView view = new AttachableView();
    view.listen(bus.on(String.class));
    view.listenByDetour(bus.on(String.class));
    return new WeakReference<>(view);
  }

  @Test
  void a_handler_leaves_its_owner_when_the_subscription_or_the_bus_is_closed() {
    AttachableView view = new AttachableView();
    Topic<String> topic = Topic.create();
    List<WeakReference<Object>> gone = new ArrayList<>();
    subscribe(topic, view, gone).close();
    Gc.awaitCleared(gone);
    topic.publish("for nobody");
    subscribe(topic, view, gone);
    topic.publish("for one");
    topic.close();
    Gc.awaitCleared(gone);
    Topic<String> other = Topic.create();
    subscribe(other, view, gone);
    other.publish("for one more");
    other = null; // a topic that is dropped gives back what it has in the owner
    Gc.awaitCleared(gone);
    assertThat(view.seen).isEqualTo(2);
  }

  private static Subscription subscribe(Topic<String> topic, AttachableView view, List<WeakReference<Object>> handlers) {
    Listener<String> handler = new Listener<>() {
      private static final long serialVersionUID = 1L;

      @Override
      public void accept(String event) {
        view.seen++;
      }
    };
    handlers.add(new WeakReference<>(handler));
    return topic.listen(view, handler);
  }
}
