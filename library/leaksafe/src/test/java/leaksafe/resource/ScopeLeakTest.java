package leaksafe.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import leaksafe.Failure;
import leaksafe.Leak;
import leaksafe.testing.ChildLoader;
import leaksafe.testing.Gc;
import leaksafe.testing.LogLines;
import org.junit.jupiter.api.Test;

/** Scopes that nobody closes, and owners that die: with real collections. */
class ScopeLeakTest {
  private final ConcurrentLinkedQueue<Leak> leaks = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Failure> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger closed = new AtomicInteger();

  private static final class View {
    Scope scope;
    byte[] weight = new byte[1000];
  }

  private record Release(AtomicInteger closed) implements AutoCloseable {
    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  @Test
  void a_scope_that_is_dropped_is_reported_with_its_site_and_not_closed() {
    openAndDrop();
    Gc.await("reported", () -> !leaks.isEmpty());
    Leak leak = leaks.remove();
    assertThat(leak.kind()).isEqualTo("scope");
    assertThat(leak.what()).isEqualTo("forgotten");
    assertThat(leak.site()).startsWith("leaksafe.resource.ScopeLeakTest.openAndDrop(ScopeLeakTest.java:");
    assertThat(closed).hasValue(0);
    assertThat(leaks).isEmpty();
  }

  private void openAndDrop() {
    Scope.named("forgotten").leakListener(leaks::add).open().own(new Release(closed));
  }

  @Test
  void a_scope_that_was_closed_is_not_reported() {
    List<WeakReference<Scope>> scopes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      scopes.add(openAndClose());
    }
    openAndDrop();
    Gc.awaitCleared(scopes);
    Gc.await("the one that was dropped", () -> !leaks.isEmpty());
    assertThat(leaks).singleElement().matches(leak -> leak.what().equals("forgotten"));
  }

  private WeakReference<Scope> openAndClose() {
    try (Scope scope = Scope.named("closed").leakListener(leaks::add).open()) {
      return new WeakReference<>(scope);
    }
  }

  @Test
  void what_a_closed_scope_owned_is_let_go_though_the_scope_is_kept() {
    Scope scope = Scope.open("kept");
    WeakReference<Object> owned = ownSomething(scope);
    scope.close();
    Gc.awaitCleared(owned);
    Reference.reachabilityFence(scope);
  }

  private static WeakReference<Object> ownSomething(Scope scope) {
    return new WeakReference<>(scope.own(new Object(), o -> { }));
  }

  @Test
  void a_scope_is_closed_and_reported_when_its_owner_is_collected() {
    WeakReference<View> owner = createOwner();
    Gc.awaitCleared(owner);
    Gc.await("closed", () -> closed.get() == 1);
    Gc.await("reported", () -> !leaks.isEmpty());
    assertThat(leaks).singleElement().satisfies(leak -> {
      assertThat(leak.what()).isEqualTo("view");
      assertThat(leak.site()).startsWith("leaksafe.resource.ScopeLeakTest.createOwner(ScopeLeakTest.java:");
    });
  }

  private WeakReference<View> createOwner() {
    View view = new View();
    view.scope = Scope.named("view").owner(view).leakListener(leaks::add).open();
    view.scope.own(new Release(closed));
    return new WeakReference<>(view);
  }

  @Test
  void what_fails_when_the_owner_was_collected_is_told_to_the_failure_listener() {
    createOwnerWhoseCloserFails();
    Gc.await("told", () -> !failures.isEmpty());
    assertThat(closed).hasValue(1);
    assertThat(failures).singleElement().satisfies(failure -> {
      assertThat(failure.container()).isEqualTo("view");
      assertThat(failure.role()).isEqualTo("closer");
      assertThat(failure.cause()).hasMessage("fails on purpose");
    });
  }

  private void createOwnerWhoseCloserFails() {
    View view = new View();
    view.scope = Scope.named("view").owner(view).leakListener(leaks::add).failureListener(failures::add).open();
    view.scope.own(new Release(closed));
    view.scope.defer(() -> {
      throw new IllegalStateException("fails on purpose");
    });
  }

  @Test
  void listeners_that_fail_are_told_of_the_rest_all_the_same() {
    createOwnerWhoseListenersFail();
    Gc.await("the leak told", () -> leaks.size() == 1);
    assertThat(closed).hasValue(2);
    assertThat(failures).singleElement().satisfies(failure -> assertThat(failure.cause()).isInstanceOf(StackOverflowError.class)
        .satisfies(e -> assertThat(e.getSuppressed()).singleElement().isInstanceOf(IllegalStateException.class)));
    createOwner();
    Gc.await("the next is closed and told, too", () -> closed.get() == 3 && leaks.size() == 2);
  }

  private void createOwnerWhoseListenersFail() {
    View view = new View();
    view.scope = Scope.named("view").owner(view).leakListener(leak -> {
      leaks.add(leak);
      throw new IllegalStateException("a leak listener that fails on purpose");
    }).failureListener(failure -> {
      failures.add(failure);
      throw new AssertionError("a failure listener that fails on purpose");
    }).open();
    view.scope.own(new Release(closed));
    view.scope.defer(() -> {
      throw new IllegalStateException("fails on purpose");
    });
    view.scope.own(new Release(closed));
    view.scope.defer(() -> {
      throw new StackOverflowError("fails on purpose");
    });
  }

  @Test
  void a_scope_that_its_owner_closed_is_not_reported() {
    WeakReference<View> owner = createOwnerThatCloses();
    createOwner();
    Gc.awaitCleared(owner);
    Gc.await("the one that did not", () -> !leaks.isEmpty());
    assertThat(leaks).hasSize(1);
    assertThat(closed).hasValue(2);
  }

  private WeakReference<View> createOwnerThatCloses() {
    View view = new View();
    view.scope = Scope.named("closes").owner(view).leakListener(leaks::add).open();
    view.scope.own(new Release(closed));
    view.scope.close();
    return new WeakReference<>(view);
  }

  @Test
  void what_was_handed_over_into_a_new_scope_that_is_dropped_is_reported_to_the_log() {
    try (LogLines log = new LogLines()) {
      handOverAndDrop();
      Gc.await("it is told", () -> log.lines.stream().anyMatch(line -> line.contains("a scope (handed over) was dropped without being closed")
          && line.contains("leaksafe.resource.ScopeLeakTest.handOverAndDrop(ScopeLeakTest.java:")));
    }
    assertThat(closed).hasValue(0);
  }

  private void handOverAndDrop() {
    try (Scope scope = Scope.open("handed over")) {
      scope.own(new Release(closed));
      assertThat(scope.handOver().size()).isEqualTo(1);
    }
  }

  @Test
  void an_owner_whose_last_act_is_to_close_its_scope_is_not_reported() {
    closeWithoutOwner();
    assertThat(closed).hasValue(3);
    assertThat(leaks).extracting(Leak::what).doesNotContain("closing");
  }

  private void closeWithoutOwner() {
    Scope scope = Scope.named("closing").owner(new View()).leakListener(leaks::add).open();
    scope.own(new Release(closed));
    scope.defer(() -> {
      for (int i = 1; i <= 2; i++) { // what is collected before them is found before the second
        int leaked = i;
        createOwner();
        Gc.await("another is found", () -> leaks.stream().filter(leak -> leak.what().equals("view")).count() == leaked);
      }
    });
    scope.close();
  }

  @Test
  void a_child_scope_that_was_taken_out_and_dropped_is_reported_and_one_that_was_closed_is_not() {
    try (LogLines log = new LogLines(); Scope parent = Scope.open("parent")) {
      WeakReference<Scope> closedChild = takeOut(parent, "a child that is closed", true);
      takeOut(parent, "a child that is dropped", false);
      Gc.awaitCleared(closedChild);
      Gc.await("it is told", () -> log.lines.stream().anyMatch(line -> line.contains("a scope (a child that is dropped) was dropped without being closed")));
      assertThat(log.lines).noneMatch(line -> line.contains("a child that is closed"));
    }
    assertThat(closed).as("it is not closed with its former parent").hasValue(1);
  }

  private WeakReference<Scope> takeOut(Scope parent, String name, boolean close) {
    Scope child = parent.child(name);
    child.own(new Release(closed));
    assertThat(parent.disown(child)).isTrue();
    if (close) {
      child.close();
    }
    return new WeakReference<>(child);
  }

  @Test
  void what_reaches_the_owner_is_refused_with_the_path_and_closed() {
    View view = new View();
    try (Scope scope = Scope.openFor(view, "view")) {
      assertThatThrownBy(() -> scope.defer(() -> view.weight = new byte[closed.incrementAndGet()]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("view: what is given to this scope would keep the scope's owner alive (ScopeLeakTest$$Lambda")
          .hasMessageEndingWith("give it what it needs of the owner instead. It was closed at once");
      assertThat(closed).hasValue(1);
      assertThatThrownBy(() -> scope.own(List.of(view), list -> closed.incrementAndGet())).isInstanceOf(IllegalArgumentException.class);
      assertThat(closed).hasValue(2);
      assertThat(scope.size()).isZero();
      Scope other = Scope.open("other");
      other.own(view, v -> closed.incrementAndGet());
      assertThatThrownBy(() -> other.handOver(scope)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("view: what is handed over to this scope would keep the scope's owner alive (ScopeLeakTest$View")
          .hasMessageEndingWith("nothing was handed over");
      assertThat(other.size()).isEqualTo(1);
      other.close();
    }
  }

  @Test
  void what_reaches_the_owner_is_refused_in_scopes_inside_as_well() {
    View view = new View();
    String kept = " would keep the scope's owner alive (ScopeLeakTest$View";
    try (Scope scope = Scope.openFor(view, "view")) {
      Scope grandchild = scope.child("child").child("grandchild");
      assertThatThrownBy(() -> grandchild.own(view, v -> closed.incrementAndGet())).isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("grandchild: what is given to this scope" + kept);
      assertThat(closed).hasValue(1);
      Scope other = Scope.open("other");
      other.child("inside").own(view, v -> closed.incrementAndGet());
      assertThatThrownBy(() -> other.handOver(grandchild)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("grandchild: what is handed over to this scope" + kept);
      other.close();
      assertThat(closed).hasValue(2);
      grandchild.own(new Release(closed));
    }
    assertThat(closed).hasValue(3);
  }

  @Test
  void a_thread_whose_task_reaches_the_owner_is_refused_and_not_started() {
    View view = new View();
    try (Scope scope = Scope.openFor(view, "view")) {
      assertThatThrownBy(() -> scope.thread("worker", () -> view.weight = new byte[closed.incrementAndGet()]))
          .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("would keep the scope's owner alive (ScopeLeakTest$$Lambda");
      assertThat(scope.size()).isZero();
    }
    assertThat(closed).hasValue(0);
  }

  @Test
  void a_thread_that_has_ended_keeps_neither_its_task_nor_its_scope_though_it_is_kept() throws Exception {
    Thread[] thread = new Thread[1];
    Gc.awaitCleared(runInScope(thread));
    assertThat(thread[0].isAlive()).isFalse();
  }

  private static List<WeakReference<Object>> runInScope(Thread[] thread) throws InterruptedException {
    Object captured = new Object();
    try (Scope scope = Scope.open("s")) {
      thread[0] = scope.thread("worker", captured::hashCode);
      thread[0].join();
      return List.of(new WeakReference<>(captured), new WeakReference<>(scope));
    }
  }

  @Test
  void an_owner_of_a_class_of_the_jdk_is_an_owner_like_others() {
    WeakReference<Object> owner = createPlatformOwner();
    Gc.awaitCleared(owner);
    Gc.await("closed", () -> closed.get() == 1);
    Gc.await("reported", () -> leaks.size() == 1);
  }

  private WeakReference<Object> createPlatformOwner() {
    Object owner = new Object();
    Scope.named("object").owner(owner).leakListener(leaks::add).open().own(new Release(closed));
    return new WeakReference<>(owner);
  }

  /** As a web application would: scopes and owners in static fields, nothing closed. */
  public static final class Application implements Runnable {
    private static final List<Object> KEPT = new ArrayList<>();

    /** For the child loader. */
    public Application() {}

    @Override
    public void run() {
      View view = new View();
      view.scope = Scope.named("view").owner(view).leakListener(leak -> KEPT.add(leak)).open();
      view.scope.own(new Release(new AtomicInteger()), release -> KEPT.add(release));
      KEPT.add(view);
      Object owner = new Object();
      KEPT.add(owner);
      KEPT.add(Scope.openFor(owner, "object"));
      Scope.openFor(owner, "again").own(new Release(new AtomicInteger()), release -> KEPT.add(release));
      KEPT.add(Scope.named("plain").leakListener(leak -> KEPT.add(leak)).open());
      Tracker<View> tracker = Tracker.<View>builder("views").leakListener(leak -> KEPT.add(leak)).build();
      KEPT.add(tracker);
      KEPT.add(tracker.track(view, () -> KEPT.clear()));
      KEPT.add(OwnedExecutors.named("idle").queueCapacity(1).leakListener(leak -> KEPT.add(leak)).build());
    }
  }

  @Test
  void the_class_loader_of_an_application_that_closes_nothing_is_collected() {
    Gc.awaitCleared(ChildLoader.runAndDrop(Application.class));
  }
}
