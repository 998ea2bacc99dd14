package leaksafe.samples;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import leaksafe.memo.AsyncMemo;

/**
 * The leak: a static map of futures, in which failed and hanging ones stay for ever. The cure: an asynchronous memo, which forgets what
 * failed, ends what hangs, and gathers single keys for one bulk load.
 */
public final class Sample11_AsyncMemo {
  private static final Map<Integer, CompletableFuture<String>> EVER_GROWING = new ConcurrentHashMap<>();

  private static final AsyncMemo<Integer, String> NAMES = AsyncMemo.<Integer, String>builder()
      .name("names")
      .coalesce(Duration.ofMillis(5), 100)
      .orTimeout(Duration.ofSeconds(2))
      .buildBulk(Sample11_AsyncMemo::findNames);

  private Sample11_AsyncMemo() {}

  private static CompletableFuture<Map<Integer, String>> findNames(Set<? extends Integer> ids) {
    System.out.println("  one call for " + ids.size() + " names");
    return ids.contains(666) ? new CompletableFuture<>() // never answers
        : CompletableFuture.completedFuture(ids.stream().collect(Collectors.toMap(id -> id, id -> "name " + id)));
  }

  /** Shows both. */
  public static void main(String[] args) {
    for (int i = 0; i < 1000; i++) {
      EVER_GROWING.computeIfAbsent(i, id -> CompletableFuture.failedFuture(new IllegalStateException("down")));
    }
    System.out.println("the map remembers " + EVER_GROWING.size() + " failures, and tries none of them again");

    CompletableFuture<?>[] all = new CompletableFuture<?>[300];
    for (int i = 0; i < all.length; i++) {
      all[i] = NAMES.apply(i % 60);
    }
    all[7].cancel(true); // this caller's own affair
    System.out.println("  " + NAMES.apply(7).join());
    System.out.println("  " + NAMES.info());
    NAMES.apply(666).handle((name, failure) -> {
      System.out.println("  " + failure);
      return name;
    }).join();
  }
}
