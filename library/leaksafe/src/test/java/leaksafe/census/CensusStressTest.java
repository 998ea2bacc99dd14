package leaksafe.census;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import leaksafe.resource.Scope;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;

/** Watches, containers and snapshots come and go on many threads at once. */
class CensusStressTest {
  private static final int THREADS = 4;
  private static final int ROUNDS = 100;

  private static void onManyThreads(Callable<?> work) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> futures = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        futures.add(executor.submit(work));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private static List<CensusEntry> listed(String name) {
    return Census.snapshot().filter(entry -> entry.name().equals(name)).entries();
  }

  @Test
  void what_is_there_is_listed_and_what_is_gone_is_not() throws Exception {
    onManyThreads(() -> {
      for (int i = 0; i < ROUNDS; i++) {
        String name = "stress " + Thread.currentThread().getName() + " " + i;
        List<Integer> list = new ArrayList<>(List.of(1, 2, 3));
        try (Watch watch = Census.watch(name, list); Scope scope = Scope.open(name)) {
          assertThat(listed(name)).extracting(CensusEntry::kind).containsExactly("collection", "scope");
          assertThat(watch.isActive() && !scope.isClosed()).isTrue();
        }
        assertThat(listed(name)).isEmpty();
        Census.watch("stress dropped", new ArrayList<>(list));
        Reference.reachabilityFence(list);
      }
      return null;
    });
    Gc.await("the dropped lists are not listed", () -> listed("stress dropped").isEmpty());
  }

  @Test
  void an_object_that_many_threads_watch_is_watched_once() throws Exception {
    List<Integer> shared = new ArrayList<>();
    List<Watch> watches = Collections.synchronizedList(new ArrayList<>());
    onManyThreads(() -> {
      for (int i = 0; i < ROUNDS; i++) {
        watches.add(Census.watch("stress shared", shared));
      }
      return null;
    });
    assertThat(watches).hasSize(THREADS * ROUNDS).filteredOn(Watch::isActive).hasSize(1);
    assertThat(listed("stress shared")).hasSize(1);
    watches.forEach(Watch::close);
    assertThat(listed("stress shared")).isEmpty();
    Reference.reachabilityFence(shared);
  }
}
