package leaksafe.bench.event;

import com.google.common.eventbus.AllowConcurrentEvents;
import com.google.common.eventbus.Subscribe;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import leaksafe.event.EventBus;
import leaksafe.event.Topic;
import net.engio.mbassy.bus.MBassador;
import net.engio.mbassy.listener.Handler;

/** A bus, ours or a peer's, to which listeners are added that count. The listeners live as long as whoever made them holds them. */
interface Peer {
  /**
   * All; {@code bare} is a loop over a list of method references, as people write it, and {@code bare-self} one over listeners that are
   * their own handlers, the floor; {@code bare-weak} the floor of those that hold their listeners weakly, see {@link BareWeak}.
   */
  List<String> ALL = List.of("leaksafe-bus", "leaksafe-topic", "bare", "bare-self", "bare-weak", "guava", "mbassador", "greenrobot");

  /** Adds a listener, and returns what must be held for it to live. */
  Counter add();

  void publish(Event event);

  /** What is published. */
  record Event(int number) {}

  /** A listener in all dialects. Not safe for many threads: nor is what it would stand for. */
  class Counter implements Consumer<Event> {
    int sum;

    @Override
    public void accept(Event event) {
      sum += event.number();
    }

    /** Guava's. */
    public static final class OfGuava extends Counter {
      /** Called by the bus. */
      @Subscribe
      @AllowConcurrentEvents
      public void on(Event event) {
        sum += event.number();
      }
    }

    /** MBassador's. */
    public static final class OfMBassador extends Counter {
      /** Called by the bus. */
      @Handler
      public void on(Event event) {
        sum += event.number();
      }
    }

    /** Greenrobot's. */
    public static final class OfGreenrobot extends Counter {
      /** Called by the bus. */
      @org.greenrobot.eventbus.Subscribe
      public void on(Event event) {
        sum += event.number();
      }
    }
  }

  /** Returns one without listeners. */
  static Peer of(String implementation) {
    return switch (implementation) {
      case "leaksafe-bus" -> new Peer() {
        private final EventBus bus = EventBus.create();

        @Override
        public Counter add() {
          Counter counter = new Counter();
          bus.subscribe(counter, Event.class, Counter::accept);
          return counter;
        }

        @Override
        public void publish(Event event) {
          bus.publish(event);
        }
      };
      case "leaksafe-topic" -> new Peer() {
        private final Topic<Event> topic = Topic.create();

        @Override
        public Counter add() {
          Counter counter = new Counter();
          topic.subscribe(counter, Counter::accept);
          return counter;
        }

        @Override
        public void publish(Event event) {
          topic.publish(event);
        }
      };
      case "bare", "bare-self" -> new Peer() {
        private final CopyOnWriteArrayList<Consumer<Event>> list = new CopyOnWriteArrayList<>();

        @Override
        public Counter add() {
          Counter counter = new Counter();
          list.add(implementation.equals("bare") ? counter::accept : counter);
          return counter;
        }

        @Override
        public void publish(Event event) {
          for (Consumer<Event> handler : list) {
            handler.accept(event);
          }
        }
      };
      case "bare-weak" -> new BareWeak();
      case "guava" -> new Peer() {
        private final com.google.common.eventbus.EventBus bus = new com.google.common.eventbus.EventBus();

        @Override
        public Counter add() {
          Counter counter = new Counter.OfGuava();
          bus.register(counter);
          return counter;
        }

        @Override
        public void publish(Event event) {
          bus.post(event);
        }
      };
      case "mbassador" -> new Peer() {
        private final MBassador<Event> bus = new MBassador<>();

        @Override
        public Counter add() {
          Counter counter = new Counter.OfMBassador();
          bus.subscribe(counter);
          return counter;
        }

        @Override
        public void publish(Event event) {
          bus.publish(event);
        }
      };
      case "greenrobot" -> new Peer() {
        private final org.greenrobot.eventbus.EventBus bus = org.greenrobot.eventbus.EventBus.builder().logNoSubscriberMessages(false).build();

        @Override
        public Counter add() {
          Counter counter = new Counter.OfGreenrobot();
          bus.register(counter);
          return counter;
        }

        @Override
        public void publish(Event event) {
          bus.post(event);
        }
      };
      default -> throw new IllegalArgumentException("impl must be one of " + ALL + ", but was " + implementation);
    };
  }
}
