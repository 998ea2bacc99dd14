package leaksafe.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;

/** A tree of scopes against lists: the same things are closed, in the same order, with the same failures. */
class ScopeModelTest {

  /** A scope as lists: what it owns, oldest first, are integers and children. */
  private static final class Model {
    final List<Object> owned = new ArrayList<>();
    boolean open = true;
    boolean succeeded;
    Model parent;

    void close(List<Integer> closed) {
      if (!open) {
        return;
      }
      open = false;
      while (!owned.isEmpty()) {
        Object last = owned.remove(owned.size() - 1);
        if (last instanceof Model child) {
          child.close(closed);
        } else if (!((Integer) last % 5 == 4 && succeeded)) {
          closed.add((Integer) last);
        }
      }
      if (parent != null) {
        parent.owned.remove(this);
      }
    }
  }

  @Test
  void scopes_close_as_the_model_does() {
    Seeded.check(300, random -> new Run(random).go());
  }

  private static final class Run {
    private final Random random;
    private final List<Scope> scopes = new ArrayList<>();
    private final List<Model> models = new ArrayList<>();
    private final List<Integer> closed = new ArrayList<>();
    private final List<Integer> expected = new ArrayList<>();
    private final List<Integer> thrown = new ArrayList<>();

    Run(Random random) {
      this.random = random;
    }

    void go() {
      add(Scope.open("root"), new Model());
      for (int i = 0; i < 100; i++) {
        step(i);
        assertThat(closed).isEqualTo(expected);
        for (int s = 0; s < scopes.size(); s++) {
          assertThat(scopes.get(s).size()).isEqualTo(models.get(s).owned.size());
          assertThat(scopes.get(s).isClosed()).isEqualTo(!models.get(s).open);
        }
      }
      for (int s = scopes.size() - 1; s >= 0; s--) {
        close(s);
      }
      assertThat(closed).isEqualTo(expected);
      assertThat(thrown).containsExactlyInAnyOrderElementsOf(expected.stream().filter(Run::fails).toList());
    }

    private void add(Scope scope, Model model) {
      scopes.add(scope);
      models.add(model);
    }

    private static boolean fails(Integer number) {
      return number % 7 == 3;
    }

    private void closeOne(Integer number) {
      closed.add(number);
      if (fails(number)) {
        throw new IllegalStateException(number.toString());
      }
    }

    private void note(Throwable e) {
      if (e instanceof IllegalStateException && e.getMessage().matches("\\d+")) {
        thrown.add(Integer.valueOf(e.getMessage()));
      }
      for (Throwable suppressed : e.getSuppressed()) {
        note(suppressed);
      }
    }

    private void step(int i) {
      int s = random.nextInt(scopes.size());
      Scope scope = scopes.get(s);
      Model model = models.get(s);
      switch (random.nextInt(12)) {
        case 0, 1, 2, 3, 4 -> own(scope, model, i);
        case 5, 6 -> child(scope, model);
        case 7 -> closeNow(scope, model);
        case 8 -> handOver(scope, model);
        case 9 -> succeed(scope, model);
        case 10 -> add(Scope.open("s"), new Model());
        default -> close(s);
      }
    }

    private void own(Scope scope, Model model, Integer number) {
      if (model.open) {
        model.owned.add(number);
      } else {
        expected.add(number);
      }
      try {
        if (number % 5 == 4) {
          scope.onFailure(() -> closeOne(number));
        } else {
          scope.own(number, this::closeOne);
        }
        assertThat(model.open).isTrue();
      } catch (IllegalStateException e) {
        assertThat(model.open).isFalse();
        note(e);
      }
    }

    private void child(Scope scope, Model model) {
      if (model.open) {
        Model child = new Model();
        child.parent = model;
        model.owned.add(child);
        add(scope.child("child"), child);
      }
    }

    private void closeNow(Scope scope, Model model) {
      List<Object> known = new ArrayList<>(model.owned);
      known.removeIf(owned -> owned instanceof Integer number && number % 5 == 4); // an action
      if (known.isEmpty()) {
        return;
      }
      Object one = known.get(random.nextInt(known.size()));
      Object owned = one instanceof Model child ? scopes.get(models.indexOf(child)) : one;
      model.owned.remove(one);
      if (one instanceof Model child) {
        child.parent = null;
      }
      if (random.nextBoolean()) {
        assertThat(scope.disown(owned)).isTrue();
        assertThat(scope.disown(owned)).isFalse();
        return;
      }
      if (one instanceof Model child) {
        child.close(expected);
      } else {
        expected.add((Integer) one);
      }
      try {
        assertThat(scope.closeNow(owned)).isTrue();
      } catch (IllegalStateException e) {
        note(e);
      }
    }

    private void handOver(Scope scope, Model model) {
      int t = random.nextInt(scopes.size());
      Model target = models.get(t);
      boolean inside = false;
      for (Model m = target; m != null; m = m.parent) {
        inside |= m == model;
      }
      if (!inside && model.open && target.open) {
        for (Object owned : model.owned) {
          if (owned instanceof Model child) {
            child.parent = target;
          }
        }
        target.owned.addAll(model.owned);
        model.owned.clear();
        scope.handOver(scopes.get(t));
      }
    }

    private void succeed(Scope scope, Model model) {
      if (model.open) {
        model.succeeded = true;
        scope.succeed();
      }
    }

    private void close(int s) {
      models.get(s).close(expected);
      try {
        scopes.get(s).close();
      } catch (IllegalStateException e) {
        note(e);
      }
    }
  }
}
