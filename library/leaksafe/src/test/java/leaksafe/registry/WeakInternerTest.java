package leaksafe.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import leaksafe.testing.Gc;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;

class WeakInternerTest {
  private final WeakInterner<Object> interner = WeakInterner.create("names");

  private static String fresh(int number) {
    return new String("name " + number);
  }

  @Test
  void equal_objects_have_one_representative() {
    String first = fresh(1);
    assertThat(interner.find(fresh(1))).isNull();
    assertThat(interner.intern(first)).isSameAs(first);
    assertThat(interner.intern(fresh(1))).isSameAs(first);
    assertThat(interner.find(fresh(1))).isSameAs(first);
    assertThat(interner.intern(fresh(2))).isEqualTo("name 2");
    Reference.reachabilityFence(first);
  }

  @Test
  void behaves_like_a_map_from_object_to_representative() {
    Seeded.check(10, random -> {
      WeakInterner<String> tested = WeakInterner.create();
      Map<String, String> model = new HashMap<>();
      for (int i = 0; i < 2_000; i++) {
        String sample = fresh(random.nextInt(500));
        if (random.nextBoolean()) {
          assertThat(tested.find(sample)).isSameAs(model.get(sample));
        } else {
          String known = model.putIfAbsent(sample, sample);
          assertThat(tested.intern(sample)).isSameAs(known == null ? sample : known);
        }
      }
      assertThat(tested.estimatedSize()).isEqualTo(model.size());
      Reference.reachabilityFence(model);
    });
  }

  @Test
  void threads_that_come_at_once_get_the_same_representatives() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 20; round++) {
        CyclicBarrier start = new CyclicBarrier(4);
        List<Callable<List<Object>>> tasks = Collections.nCopies(4, () -> {
          start.await();
          List<Object> got = new ArrayList<>();
          for (int i = 0; i < 300; i++) {
            got.add(interner.intern(fresh(i)));
          }
          return got;
        });
        Set<Object> representatives = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Future<List<Object>> got : threads.invokeAll(tasks)) {
          representatives.addAll(got.get());
        }
        assertThat(representatives).hasSize(300);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void a_representative_is_let_go_though_nobody_uses_the_interner() {
    String kept = fresh(0);
    interner.intern(kept);
    for (int i = 1; i < 500; i++) {
      interner.intern(fresh(i));
    }
    Gc.await("all but one gone", () -> interner.estimatedSize() == 1);
    assertThat(interner.find(fresh(0))).isSameAs(kept);
    assertThat(interner.find(fresh(1))).isNull();
  }

  @Test
  void users_equals_runs_under_no_lock() {
    class Curious {
      private boolean asked;

      @Override
      public boolean equals(Object that) {
        if (!asked) {
          asked = true;
          onAnotherThread(() -> { // so many that some come to any lock
            for (int i = 0; i < 200; i++) {
              interner.intern(fresh(i));
            }
          });
        }
        return that instanceof Curious;
      }

      @Override
      public int hashCode() {
        return 1;
      }
    }
    Curious first = new Curious();
    assertThat(interner.intern(first)).isSameAs(first);
    assertThat(interner.intern(new Curious())).isSameAs(first);
    assertThat(first.asked).isTrue();
  }

  private static void onAnotherThread(Runnable work) {
    Thread thread = new Thread(work);
    thread.start();
    try {
      thread.join(20_000);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(thread.isAlive()).as("the other thread waits for a lock").isFalse();
  }

  @Test
  void an_equals_that_throws_reaches_the_caller_and_spoils_nothing() {
    class Bad {
      @Override
      public boolean equals(Object that) {
        throw new UnsupportedOperationException("on purpose");
      }

      @Override
      public int hashCode() {
        return 1;
      }
    }
    Bad first = new Bad();
    assertThat(interner.intern(first)).isSameAs(first);
    assertThatThrownBy(() -> interner.intern(new Bad())).isInstanceOf(UnsupportedOperationException.class);
    assertThat(interner.estimatedSize()).isEqualTo(1);
    Reference.reachabilityFence(first);
  }

  @Test
  void null_is_refused_by_name() {
    assertThatThrownBy(() -> interner.intern(null)).isInstanceOf(NullPointerException.class).hasMessage("sample");
    assertThatThrownBy(() -> interner.find(null)).hasMessage("sample");
    assertThatThrownBy(() -> WeakInterner.create(null)).hasMessage("name");
  }

  @Test
  void a_closed_one_is_empty_and_refuses_samples() {
    String sample = fresh(1);
    interner.intern(sample);
    interner.close();
    assertThat(interner.find(sample)).isNull();
    assertThatThrownBy(() -> interner.intern(sample)).isInstanceOf(IllegalStateException.class).hasMessageStartingWith("names is closed and takes nothing in any more: ");
  }
}
