package leaksafe.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import leaksafe.Failure;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;

/**
 * The bus against a list that is sorted and searched anew for each event: subscriptions to classes and interfaces with priorities and filters,
 * ends, events, and handlers that do all of that themselves.
 */
class BusModelTest {
  private static final int STEPS = 60;
  private static final int DEEPEST = 3;
  private static final int MOST_PUBLICATIONS = 400;
  private static final List<Class<?>> TYPES = List.of(Object.class, Marked.class, Base.class, Derived.class, Other.class);

  interface Marked {
    int number();
  }

  static class Base implements Marked {
    final int number;

    Base(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }
  }

  static final class Derived extends Base {
    Derived(int number) {
      super(number);
    }
  }

  record Other(int number) implements Marked {}

  @Test
  void the_bus_does_what_a_list_does() {
    Seeded.check(300, random -> {
      long seed = random.nextLong();
      List<String> expected = new Play(new ListBus(), seed).run();
      RealBus bus = new RealBus();
      List<String> actual = new Play(bus, seed).run();
      assertThat(actual).isEqualTo(expected);
      assertThat(bus.owners).hasSizeGreaterThanOrEqualTo((int) bus.size());
      bus.bus.close();
    });
  }

  /** What both can do. */
  interface Bus {
    void subscribe(Play play, int id, Class<?> type, int priority, boolean evenOnly);

    void close(int id);

    void publish(Marked event);

    long size();

    void onUnhandled(Play play);
  }

  /** A course of things that depends on its seed alone, and what came of it. */
  static final class Play {
    private final Bus bus;
    private final Random random;
    private final List<String> log = new ArrayList<>();
    private int subscriptions;
    private int events;
    private int depth;

    Play(Bus bus, long seed) {
      this.bus = bus;
      this.random = new Random(seed);
    }

    List<String> run() {
      bus.onUnhandled(this);
      for (int i = 0; i < STEPS; i++) {
        step();
        log.add("size " + bus.size());
      }
      return log;
    }

    private void step() {
      int dice = random.nextInt(10);
      if (dice < 3) {
        bus.subscribe(this, subscriptions++, TYPES.get(random.nextInt(TYPES.size())), random.nextInt(3), random.nextInt(4) == 0);
      } else if (dice < 5 && subscriptions > 0) {
        int id = random.nextInt(subscriptions);
        log.add("close " + id);
        bus.close(id);
      } else if (events < MOST_PUBLICATIONS) {
        int number = events++;
        log.add("publish " + number);
        bus.publish(switch (random.nextInt(3)) {
          case 0 -> new Base(number);
          case 1 -> new Derived(number);
          default -> new Other(number);
        });
        log.add("published " + number);
      }
    }

    /** A handler is called: it may do something, too. */
    void called(int id, Marked event) {
      log.add(id + " gets " + event.number());
      if (depth < DEEPEST && random.nextInt(3) == 0) {
        depth++;
        step();
        depth--;
      }
    }

    void unhandled(Object event) {
      log.add("nobody for " + ((Marked) event).number());
    }
  }

  /** A list of what is subscribed. */
  static final class ListBus implements Bus {
    private final List<Entry> entries = new ArrayList<>();
    private Play play;

    private static final class Entry {
      final Play play;
      final int id;
      final Class<?> type;
      final int priority;
      final boolean evenOnly;
      boolean closed;

      Entry(Play play, int id, Class<?> type, int priority, boolean evenOnly) {
        this.play = play;
        this.id = id;
        this.type = type;
        this.priority = priority;
        this.evenOnly = evenOnly;
      }
    }

    @Override
    public void subscribe(Play play, int id, Class<?> type, int priority, boolean evenOnly) {
      entries.add(new Entry(play, id, type, priority, evenOnly));
    }

    @Override
    public void close(int id) {
      entries.get(id).closed = true;
    }

    @Override
    public void publish(Marked event) {
      List<Entry> now = new ArrayList<>(entries.stream().filter(entry -> !entry.closed && entry.type.isInstance(event)).toList());
      now.sort(Comparator.comparingInt((Entry entry) -> entry.priority).reversed());
      boolean handled = false;
      for (Entry entry : now) {
        if (!entry.closed && !(entry.evenOnly && event.number() % 2 != 0)) {
          handled = true;
          entry.play.called(entry.id, event);
        }
      }
      if (!handled) {
        play.unhandled(event);
      }
    }

    @Override
    public long size() {
      return entries.stream().filter(entry -> !entry.closed).count();
    }

    @Override
    public void onUnhandled(Play play) {
      this.play = play;
    }
  }

  /** The bus. */
  static final class RealBus implements Bus {
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final List<Object> owners = new ArrayList<>(); // which the bus holds weakly
    private final EventBus bus = EventBus.builder().unhandledListener(this::unhandled).failureListener(this::failed).build();
    private Play play;

    private record Owner(Play play, int id) {
      void on(Object event) {
        play.called(id, (Marked) event);
      }
    }

    private void unhandled(Object event) {
      play.unhandled(event);
    }

    private void failed(Failure failure) {
      throw new AssertionError(failure.toString(), failure.cause());
    }

    @Override
    public void subscribe(Play play, int id, Class<?> type, int priority, boolean evenOnly) {
      Owner owner = new Owner(play, id);
      owners.add(owner);
      EventSource<?> source = bus.on(type).priority(priority);
      subscriptions.add((evenOnly ? source.filter(event -> ((Marked) event).number() % 2 == 0) : source).subscribe(owner, Owner::on));
    }

    @Override
    public void close(int id) {
      subscriptions.get(id).close();
    }

    @Override
    public void publish(Marked event) {
      bus.publish(event);
    }

    @Override
    public long size() {
      return bus.estimatedSize();
    }

    @Override
    public void onUnhandled(Play play) {
      this.play = play;
    }
  }
}
