package leaksafe.memo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keys that are loaded together. */
@Timeout(90)
class AsyncMemoBulkTest extends PendingLoads {
  private final List<Set<Integer>> batches = new CopyOnWriteArrayList<>();
  private final List<CompletableFuture<Map<Integer, String>>> bulkLoads = new CopyOnWriteArrayList<>();

  private CompletableFuture<Map<Integer, String>> loadAll(Set<? extends Integer> keys) {
    batches.add(Set.copyOf(keys));
    Map<Integer, String> found = new HashMap<>();
    keys.forEach(key -> {
      if (key >= 0) {
        found.put(key, "v" + key);
      }
    });
    return CompletableFuture.completedFuture(found);
  }

  private CompletableFuture<Map<Integer, String>> loadAllLater(Set<? extends Integer> keys) {
    batches.add(Set.copyOf(keys));
    CompletableFuture<Map<Integer, String>> load = new CompletableFuture<>();
    bulkLoads.add(load);
    return load;
  }

  @Test
  void a_full_batch_goes_off_at_once_and_holds_each_key_once() throws Exception {
    AsyncMemo<Integer, String> memo = AsyncMemo.<Integer, String>builder().coalesce(LONG, 3).buildBulk(this::loadAll);
    List<CompletableFuture<String>> futures = new ArrayList<>();
    for (int key : new int[] {1, 2, 1, 2, 3, 4}) {
      futures.add(memo.apply(key));
    }
    assertThat(batches).containsExactly(Set.of(1, 2, 3));
    assertThat(get(futures.get(2))).isEqualTo("v1");
    assertThat(futures.get(5).isDone()).isFalse();
    memo.apply(1);
    memo.apply(5);
    memo.apply(6);
    assertThat(batches).containsExactly(Set.of(1, 2, 3), Set.of(4, 5, 6));
    assertThat(futures.get(5)).isCompletedWithValue("v4");
  }

  @Test
  void a_batch_that_does_not_fill_goes_off_after_the_window() throws Exception {
    AsyncMemo<Integer, String> memo = AsyncMemo.<Integer, String>builder().coalesce(Duration.ofMillis(5), 1000).buildBulk(this::loadAll);
    for (int round = 0; round < 3; round++) {
      CompletableFuture<String> one = memo.apply(10 * round);
      CompletableFuture<String> two = memo.apply(10 * round + 1);
      assertThat(get(one) + get(two)).isEqualTo("v" + 10 * round + "v" + (10 * round + 1));
    }
    assertThat(batches.stream().flatMap(Set::stream)).containsExactlyInAnyOrder(0, 1, 10, 11, 20, 21);
  }

  @Test
  void keys_without_a_result_end_with_null_and_a_failed_batch_fails_all_of_its_keys() throws Exception {
    AsyncMemo<Integer, String> memo = AsyncMemo.<Integer, String>builder().name("users").coalesce(LONG, 2).buildBulk(this::loadAll);
    CompletableFuture<String> missing = memo.apply(-1);
    CompletableFuture<String> found = memo.apply(1);
    assertThat(get(missing)).isNull();
    assertThat(get(found)).isEqualTo("v1");
    assertThat(memo.info().size()).isEqualTo(1);
    AsyncMemo<Integer, String> failing = AsyncMemo.<Integer, String>builder().name("users").coalesce(LONG, 2).buildBulk(keys -> {
      throw new IllegalStateException("down");
    });
    CompletableFuture<String> one = failing.apply(1);
    CompletableFuture<String> two = failing.apply(2);
    assertThatThrownBy(() -> get(one)).hasRootCauseMessage("down");
    assertThatThrownBy(() -> get(two)).hasRootCauseMessage("down");
    AsyncMemo<Integer, String> nothing = AsyncMemo.<Integer, String>builder().name("users").coalesce(LONG, 1).buildBulk(
        keys -> CompletableFuture.completedFuture(null));
    assertThatThrownBy(() -> get(nothing.apply(1))).hasRootCauseMessage(
        "users: the bulk function's stage ended with null, must end with a map");
  }

  @Test
  void a_bulk_load_is_cancelled_when_all_who_wait_for_any_of_it_are_gone() {
    AsyncMemo<Integer, String> memo = AsyncMemo.<Integer, String>builder().coalesce(LONG, 3).buildBulk(this::loadAllLater);
    CompletableFuture<String> gone = memo.apply(1);
    gone.cancel(true);
    CompletableFuture<String> two = memo.apply(2);
    CompletableFuture<String> three = memo.apply(3);
    assertThat(batches).as("nobody wants 1 any more").containsExactly(Set.of(2, 3));
    two.cancel(true);
    assertThat(bulkLoads.get(0)).isNotCancelled();
    three.cancel(true);
    assertThat(bulkLoads.get(0)).isCancelled();
    assertThat(memo.info().size()).isZero();
  }
}
