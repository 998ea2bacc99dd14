package leaksafe.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import leaksafe.Lease;
import leaksafe.LeakListener;
import leaksafe.cache.Cache;
import leaksafe.census.Census;
import leaksafe.pool.Pool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser, where there is one. */
class PageTest {
  private static final Path BROWSER = Path.of("/usr/bin/chromium");
  private static final String HOSTILE = "<img src=x onerror=document.title='taken'>";

  @TempDir
  Path folder;

  @Test
  void the_browser_shows_containers_verdicts_and_leaks_as_text() throws Exception {
    assumeTrue(Files.isExecutable(BROWSER), "there is no " + BROWSER);
    Cache<Integer, String> hostile = Cache.<Integer, String>builder().name(HOSTILE).maximumSize(5).recordStats().build();
    hostile.put(1, "one");
    hostile.getIfPresent(1);
    try (Pool<Object> pool = Pool.<Object>builder(Object::new).name("page pool").size(0, 3).sampleSites(1).leakListener(quiet()).build();
        CensusServer server = CensusServer.builder().verdicts(() -> List.of("orders grows")).start()) {
      leak(pool);
      String page = dump(server);
      assertThat(page).contains("&lt;img src=x onerror=document.title='taken'&gt;").contains("<title>leaksafe census</title>")
          .contains("maximumSize 5").contains("hit ratio 100.0 %").contains("<li>orders grows</li>").contains("<polyline")
          .contains("page pool: lease").contains("PageTest.leak(PageTest.java:").contains("growth over").doesNotContain("no answer");
    }
  }

  private static LeakListener quiet() {
    return leak -> {};
  }

  private static void leak(Pool<Object> pool) throws InterruptedException {
    Lease<Object> lease = pool.acquire(Duration.ofSeconds(20));
    assertThat(lease.isClosed()).isFalse();
    lease = null;
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (Census.recentLeaks().stream().noneMatch(leak -> leak.container().equals("page pool"))) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      System.gc();
      Thread.sleep(20);
    }
  }

  private String dump(CensusServer server) throws IOException, InterruptedException {
    Path out = folder.resolve("page.html");
    Process browser = new ProcessBuilder(BROWSER.toString(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--user-data-dir=" + folder.resolve("profile"), "--virtual-time-budget=5000", "--dump-dom", server.uri().toString())
        .redirectOutput(out.toFile()).redirectError(folder.resolve("errors.txt").toFile()).start();
    try {
      assertThat(browser.waitFor(90, TimeUnit.SECONDS)).as("the browser ends in time").isTrue();
    } finally {
      browser.descendants().forEach(ProcessHandle::destroyForcibly);
      browser.destroyForcibly();
    }
    return Files.readString(out, StandardCharsets.UTF_8);
  }
}
