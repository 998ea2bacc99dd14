package leaksafe.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import leaksafe.testing.Gc;
import leaksafe.testing.NamedModule;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What owners and handlers of a named module that does not open its packages can do: no form leaks or gets lost, it works or is refused. */
class ClosedModuleTest {
  private static final String PROGRAM = """
      package acme;

      import java.util.concurrent.atomic.AtomicInteger;
      import java.util.function.BiFunction;
      import leaksafe.event.EventBus;
      import leaksafe.event.Listener;
      import leaksafe.registry.Attachable;
      import leaksafe.registry.Attachments;

      public class Program implements BiFunction<EventBus, String, Object> {
        static class View {
          int calls;

          void on(Object event) {
            calls++;
          }

          @Override
          public String toString() {
            return calls + " calls";
          }
        }

        static class Own extends View implements Attachable {
          private final Attachments attachments = new Attachments();

          @Override
          public Attachments attachments() {
            return attachments;
          }
        }

        static class Itself extends View implements Listener<Object> {
          @Override
          public void accept(Object event) {
            on(event);
          }
        }

        @Override
        public Object apply(EventBus bus, String form) {
          View view = form.equals("the owner is the listener") ? new Itself() : form.startsWith("attachable: ") ? new Own() : new View();
          AtomicInteger counter = new AtomicInteger();
          switch (form) {
            case "method" -> bus.subscribe(view, Object.class, View::on);
            case "with the owner" -> bus.subscribe(view, Object.class, (owner, event) -> owner.on(event));
            case "the owner is the listener" -> bus.listen(view, Object.class, (Itself) view);
            case "with a filter" -> bus.on(Object.class).filter(event -> event != null).subscribe(view, View::on);
            case "attachable: captured", "captured" -> bus.listen(view, Object.class, event -> view.on(event));
            case "attachable: bound", "bound" -> bus.listen(view, Object.class, view::on);
            case "attachable: inner", "inner" -> bus.listen(view, Object.class, new Listener<Object>() {
              @Override
              public void accept(Object event) {
                view.on(event);
              }
            });
            case "something captured" -> bus.subscribe(view, Object.class, (owner, event) -> owner.calls += counter.incrementAndGet());
            case "filter" -> bus.on(Object.class).filter(event -> view.calls == 0).subscribe(view, View::on);
            default -> throw new AssertionError(form);
          }
          return view;
        }
      }
      """;

  private final EventBus bus = EventBus.create();

  @TempDir
  private Path folder;

  private BiFunction<EventBus, String, Object> program;

  @BeforeEach
  @SuppressWarnings("unchecked") // what the program is
  void load() throws Exception {
    program = (BiFunction<EventBus, String, Object>) NamedModule.program(folder, PROGRAM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"method", "with the owner", "the owner is the listener", "with a filter", "attachable: captured", "attachable: bound",
      "attachable: inner"})
  void what_needs_not_be_looked_into_works_and_keeps_no_dead_owner(String form) {
    Object living = program.apply(bus, form);
    List<WeakReference<Object>> dead = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      dead.add(new WeakReference<>(program.apply(bus, form)));
    }
    bus.publish("1");
    Gc.awaitCleared(dead);
    Gc.awaitWithoutGc("removed", () -> bus.estimatedSize() == 1);
    bus.publish("2");
    assertThat(living).hasToString("2 calls");
    Reference.reachabilityFence(living);
  }

  @ParameterizedTest
  @ValueSource(strings = {"captured", "bound", "inner", "something captured"})
  void what_might_keep_its_owner_is_refused_with_the_cure(String form) {
    assertThatThrownBy(() -> program.apply(bus, form)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("handler cannot be looked into \\(field \\S+ of acme.Program\\S+ is closed\\) and might keep its owner alive; "
            + "open acme to the module leaksafe, or write View::method or an \\(owner, event\\) -> ... that captures nothing");
    assertThat(bus.estimatedSize()).isZero();
  }

  @Test
  void a_filter_that_might_keep_its_owner_is_refused_with_the_cure() {
    assertThatThrownBy(() -> program.apply(bus, "filter")).isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("filter cannot be looked into \\(field \\S+ of acme.Program\\S+ is closed\\) and might keep its owner alive; "
            + "open acme to the module leaksafe, or write it as a lambda of your own, and several filters as filter\\(...\\).filter\\(...\\)");
    assertThat(bus.estimatedSize()).isZero();
  }
}
