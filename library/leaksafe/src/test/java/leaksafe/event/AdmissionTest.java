package leaksafe.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be subscribed without a leak or a loss is refused, with the path and the cure, and leaves nothing behind. */
class AdmissionTest {
  private static final String CURE = "; write subscribe(owner, ..., View::method) or (owner, event) -> ...";

  private final Topic<String> topic = Topic.create();

  static class View {
    final Child child = new Child(this);
    final List<String> seen = new ArrayList<>();

    void on(String event) {
      seen.add(event);
    }
  }

  static class Child {
    final View parent;

    Child(View parent) {
      this.parent = parent;
    }

    void on(String event) {
      parent.on(event);
    }
  }

  @AfterEach
  void nothing_is_left_of_what_was_refused() {
    assertThat(topic.estimatedSize()).isZero();
  }

  @Test
  void a_handler_that_captured_its_owner_is_refused_with_the_path() {
    View view = new View();
    assertThatThrownBy(() -> topic.subscribe(view, (o, e) -> view.on(e))).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("handler reaches its owner (AdmissionTest$$Lambda.arg$1 : View) and would keep it alive" + CURE);
  }

  @Test
  void a_handler_that_captured_something_with_its_owner_in_it_is_refused_with_the_path() {
    View view = new View();
    Map<String, List<View>> views = Map.of("a", List.of(view));
    assertThatThrownBy(() -> topic.subscribe(view, (o, e) -> views.get(e).clear())).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("handler reaches its owner (AdmissionTest$$Lambda.arg$1.values()[0][0] : View) and would keep it alive" + CURE);
  }

  @Test
  void a_listener_that_captured_a_part_of_its_owner_is_refused_with_the_path() {
    View view = new View();
    Child child = view.child;
    assertThatThrownBy(() -> topic.listen(view, child::on)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("handler reaches its owner (AdmissionTest$$Lambda.arg$1.parent : View) and would keep it alive; what it captured besides"
            + " leads to the owner (argument 1: AdmissionTest$Child.parent); make that the owner, if it lives as long" + CURE);
  }

  @Test
  void a_listener_that_captured_its_owner_and_a_part_of_it_is_refused() {
    View view = new View();
    Child child = view.child;
    assertThatThrownBy(() -> topic.listen(view, e -> {
      view.on(e);
      child.on(e);
    })).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("argument 2: AdmissionTest$Child.parent");
  }

  @Test
  void a_listener_that_is_an_inner_class_is_refused() {
    View view = new View();
    class Inner implements Listener<String> {
      private static final long serialVersionUID = 1L;

      @Override
      public void accept(String event) {
        view.on(event);
      }
    }
    assertThatThrownBy(() -> topic.listen(view, new Inner())).isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("handler reaches its owner \\(AdmissionTest\\$1Inner\\.val\\$view : View\\) and would keep it alive; it is no lambda or method"
            + " reference, which could be rebuilt without its owner; write .*");
  }

  @Test
  void a_handler_whose_captures_cannot_be_seen_is_refused() {
    View view = new View();
    BiConsumer<View, String> one = View::on;
    BiConsumer<View, String> captured = (o, e) -> view.on(e);
    assertThatThrownBy(() -> topic.subscribe(view, one.andThen(captured))).isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("handler cannot be looked into \\(field arg\\$[12] of java.util.function.BiConsumer\\$\\$Lambda\\S* is closed\\) and might keep its"
            + " owner alive; write View::method or an \\(owner, event\\) -> ... that captures nothing");
  }

  @Test
  void a_filter_that_captured_the_owner_is_refused() {
    View view = new View();
    Predicate<String> filter = e -> view.seen.isEmpty();
    String message = "filter reaches its owner (%s : View) and would keep it alive; write a handler that looks at its owner, in place of the filter";
    assertThatThrownBy(() -> topic.filter(filter).subscribe(view, View::on)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message, "AdmissionTest$$Lambda.arg$1");
    assertThatThrownBy(() -> topic.filter(filter).filter(e -> true).listen(view, view::on)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message, "AdmissionTest$$Lambda.arg$1");
  }

  @Test
  void a_filter_whose_captures_cannot_be_seen_is_refused() {
    View view = new View();
    Predicate<String> captured = e -> view.seen.isEmpty();
    String message = "filter cannot be looked into \\(field arg\\$[12] of java.util.function.Predicate\\$\\$Lambda\\S* is closed\\) and might keep its owner"
        + " alive; write it as a lambda of your own, and several filters as filter\\(...\\).filter\\(...\\)";
    for (EventSource<String> source : List.of(topic.filter(captured.and(e -> true)), topic.filter(e -> true).filter(captured.negate()))) {
      assertThatThrownBy(() -> source.subscribe(view, View::on)).isInstanceOf(IllegalArgumentException.class).hasMessageMatching(message);
      assertThatThrownBy(() -> source.listen(view, view::on)).isInstanceOf(IllegalArgumentException.class).hasMessageMatching(message);
      source.subscribeForever(e -> { }).close(); // which has no owner to keep
    }
  }

  @Test
  void an_executor_that_captured_the_owner_is_refused() {
    View view = new View();
    assertThatThrownBy(() -> topic.executor(task -> view.seen.clear()).subscribe(view, View::on)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("executor reaches its owner (AdmissionTest$$Lambda.arg$1 : View)");
  }

  static List<Object> values() throws ReflectiveOperationException {
    return List.of("text", 1, 1L, 'c', true, 1.5, Optional.of("x"), OptionalInt.empty(), java.time.LocalDate.EPOCH, String.class, int.class,
        TimeUnit.DAYS, (Runnable) () -> {}, List.of(), ProcessHandle.current(), Object.class.getMethod("toString"), View.class.getDeclaredField("seen"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void a_value_is_no_owner(Object value) {
    assertThatThrownBy(() -> topic.subscribe(value, (o, e) -> {})).isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("owner must be an object whose life bounds the subscription, but was ")
        .hasMessageEndingWith("; pass the component that listens (mostly this), or say subscribeForever");
    assertThatThrownBy(() -> topic.listen(value, e -> {})).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void the_reason_against_an_owner_is_told() {
    assertThatThrownBy(() -> topic.subscribe(String.class, (o, e) -> {})).hasMessageContaining("class java.lang.String, which lives as long as its class loader");
    assertThatThrownBy(() -> topic.subscribe(TimeUnit.DAYS, (o, e) -> {})).hasMessageContaining("the constant java.util.concurrent.TimeUnit.DAYS");
    assertThatThrownBy(() -> topic.subscribe(5, (o, e) -> {})).hasMessageContaining("a value (java.lang.Integer)");
    assertThatThrownBy(() -> topic.subscribe(String.class.getMethods()[0], (o, e) -> {}))
        .hasMessageContaining("but was a java.lang.reflect.Method: every look-up by reflection returns a fresh copy, which may be collected at once; pass");
  }

  @Test
  void a_method_of_a_class_of_the_jdk_can_be_bound_to_its_object() {
    List<String> owner = new ArrayList<>();
    try (Subscription subscription = topic.listen(owner, owner::add)) {
      topic.publish("1");
      assertThat(owner).containsExactly("1");
      assertThat(subscription.isClosed()).isFalse();
    }
    Gc.awaitCleared(dropped(topic));
    Gc.awaitWithoutGc("removed", () -> topic.estimatedSize() == 0);
  }

  private static WeakReference<Object> dropped(Topic<String> topic) {
    PrintStream owner = new PrintStream(PrintStream.nullOutputStream());
    topic.listen(owner, owner::println);
    return new WeakReference<>(owner);
  }
}
