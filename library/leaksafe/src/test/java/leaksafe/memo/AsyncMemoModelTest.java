package leaksafe.memo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;

/** An asynchronous memo beside a map of results and a list of loads, whose ends the test decides. */
class AsyncMemoModelTest {
  private static final int STEPS = 400;

  @Test
  void it_behaves_as_a_map_of_results_beside_a_list_of_loads() {
    Seeded.check(60, random -> new Run(random).go());
  }

  /** A load that runs until the model ends it. */
  private static final class Load {
    final int key;
    final CompletableFuture<String> future = new CompletableFuture<>();
    final List<CompletableFuture<String>> waiters = new ArrayList<>();
    boolean superseded;

    Load(int key) {
      this.key = key;
    }
  }

  private static final class Run {
    private final Random random;
    private final List<Load> started = new ArrayList<>();
    private final AsyncMemo<Integer, String> memo = AsyncMemo.of(this::start);

    private final Map<Integer, String> results = new HashMap<>();
    private final Map<Integer, Load> current = new HashMap<>();
    private final List<Load> running = new ArrayList<>();
    private long hits;
    private long misses;

    Run(Random random) {
      this.random = random;
    }

    private CompletableFuture<String> start(int key) {
      Load load = new Load(key);
      started.add(load);
      return load.future;
    }

    void go() {
      for (int step = 0; step < STEPS; step++) {
        int key = random.nextInt(6);
        switch (random.nextInt(10)) {
          case 0, 1, 2, 3 -> ask(key);
          case 4, 5 -> leave();
          case 6, 7 -> end();
          case 8 -> {
            memo.invalidate(key);
            results.remove(key);
            supersede(key);
          }
          default -> {
            if (random.nextInt(8) == 0) {
              memo.clear();
              results.clear();
              List.copyOf(current.keySet()).forEach(this::supersede);
            }
          }
        }
        assertThat(memo.info()).isEqualTo(new MemoInfo(hits, misses, results.size() + running.size(), OptionalLong.of(128)));
        for (Load load : running) {
          assertThat(load.future).isNotDone();
          assertThat(load.waiters).isNotEmpty().allMatch(waiter -> !waiter.isDone());
        }
      }
    }

    private void ask(int key) {
      CompletableFuture<String> future = memo.apply(key);
      Load load = current.get(key);
      if (results.containsKey(key)) {
        hits++;
        assertThat(future).isCompletedWithValue(results.get(key));
      } else if (load != null) {
        hits++;
        load.waiters.add(future);
      } else {
        assertThat(started).hasSize((int) ++misses);
        load = started.get(started.size() - 1);
        assertThat(load.key).isEqualTo(key);
        load.waiters.add(future);
        current.put(key, load);
        running.add(load);
      }
      assertThat(started).hasSize((int) misses);
    }

    /** One who waits does so no more; if he was the last, the load is cancelled. */
    private void leave() {
      if (running.isEmpty()) {
        return;
      }
      Load load = running.get(random.nextInt(running.size()));
      CompletableFuture<String> leaving = load.waiters.remove(random.nextInt(load.waiters.size()));
      switch (random.nextInt(3)) {
        case 0 -> leaving.cancel(true);
        case 1 -> leaving.complete("his own");
        default -> leaving.completeExceptionally(new IllegalStateException("enough"));
      }
      if (load.waiters.isEmpty()) {
        assertThat(load.future).isCancelled();
        over(load);
      }
    }

    private void end() {
      if (running.isEmpty()) {
        return;
      }
      Load load = running.get(random.nextInt(running.size()));
      over(load);
      switch (random.nextInt(4)) {
        case 0 -> {
          load.future.completeExceptionally(new IllegalStateException("down"));
          assertThat(load.waiters).allMatch(CompletableFuture::isCompletedExceptionally);
        }
        case 1 -> {
          load.future.complete(null);
          assertThat(load.waiters).allSatisfy(waiter -> assertThat(waiter).isCompletedWithValue(null));
        }
        default -> {
          String value = "v" + started.size();
          load.future.complete(value);
          assertThat(load.waiters).allSatisfy(waiter -> assertThat(waiter).isCompletedWithValue(value));
          if (!load.superseded) {
            results.put(load.key, value);
          }
        }
      }
    }

    private void over(Load load) {
      running.remove(load);
      current.remove(load.key, load);
    }

    private void supersede(int key) {
      Load load = current.remove(key);
      if (load != null) {
        load.superseded = true;
      }
    }
  }
}
