package leaksafe.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import leaksafe.Leak;
import leaksafe.census.Census;
import org.junit.jupiter.api.Test;

class RecentLeaksTest {

  @Test
  void the_latest_leaks_are_kept_and_the_oldest_go() {
    long before = Census.leakCount();
    for (int i = 0; i < 2 * RecentLeaks.KEPT; i++) {
      Reports.tell(leak -> {}, new Leak("recent " + i, "lease", "what", "site", Duration.ZERO, List.of()));
    }
    List<Leak> leaks = Census.recentLeaks();
    assertThat(leaks).hasSize(RecentLeaks.KEPT);
    assertThat(Census.leakCount() - before).isGreaterThanOrEqualTo(2 * RecentLeaks.KEPT);
    List<String> ours = leaks.stream().map(Leak::container).filter(name -> name.startsWith("recent ")).toList();
    assertThat(ours.get(0)).isEqualTo("recent " + (2 * RecentLeaks.KEPT - 1));
    assertThat(ours).doesNotContain("recent 0");
  }
}
