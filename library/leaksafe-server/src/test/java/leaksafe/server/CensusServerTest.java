package leaksafe.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.StreamSupport;
import leaksafe.cache.Cache;
import leaksafe.census.Census;
import leaksafe.census.Watch;
import leaksafe.watch.GrowthMonitor;
import org.junit.jupiter.api.Test;

/** Who is answered, with what, and what is left when the server is closed. */
class CensusServerTest {

  private record Response(int status, String type, String policy, String body) {}

  private static Response get(CensusServer server, String path) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + server.port() + path).toURL().openConnection();
    connection.setReadTimeout(60_000);
    int status = connection.getResponseCode();
    try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return new Response(status, connection.getHeaderField("Content-Type"), connection.getHeaderField("Content-Security-Policy"),
          new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static JsonObject json(CensusServer server) throws IOException {
    Response response = get(server, "/census.json");
    assertThat(response.status()).isEqualTo(200);
    return JsonParser.parseString(response.body()).getAsJsonObject();
  }

  private static JsonObject entry(JsonObject answer, String name) {
    return StreamSupport.stream(answer.getAsJsonObject("census").getAsJsonArray("list").spliterator(), false)
        .map(JsonElement::getAsJsonObject).filter(entry -> entry.get("name").getAsString().equals(name)).findFirst().orElseThrow();
  }

  /** Sends what a browser would not, and returns the first line of the answer. */
  private static String raw(CensusServer server, String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1).lines().findFirst().orElse("nothing");
    }
  }

  @Test
  void the_page_its_parts_and_its_figures_are_served() throws Exception {
    Cache<Integer, String> cache = Cache.<Integer, String>builder().name("served \"cache\"").maximumSize(10).recordStats().build();
    cache.put(1, "one");
    try (CensusServer server = CensusServer.start(0)) {
      assertThat(server.uri()).hasToString("http://localhost:" + server.port() + "/");
      assertThat(server).hasToString("census server at " + server.uri());
      Response page = get(server, "/");
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.type()).isEqualTo("text/html; charset=utf-8");
      assertThat(page.policy()).contains("default-src 'none'", "frame-ancestors 'none'");
      assertThat(page.body()).contains("<title>leaksafe census</title>").doesNotContain("http:", "https:", "//");
      assertThat(get(server, "/page.css").body()).contains("prefers-color-scheme: dark").doesNotContain("http", "@import");
      assertThat(get(server, "/page.js").body()).contains("census.json").doesNotContain("innerHTML", "https:");
      assertThat(get(server, "/nonsense").status()).isEqualTo(404);
      JsonObject answer = json(server);
      JsonObject entry = entry(answer, "served \"cache\"");
      assertThat(entry.get("size").getAsLong()).isEqualTo(1);
      assertThat(entry.get("bound").getAsString()).isEqualTo("maximumSize 10");
      assertThat(entry.get("site").getAsString()).contains("CensusServerTest.java");
      assertThat(answer.getAsJsonObject("history").getAsJsonArray(entry.get("id").getAsString())).isNotEmpty();
      assertThat(answer.getAsJsonObject("heap").get("maximum").getAsLong()).isPositive();
      assertThat(answer.getAsJsonArray("verdicts")).isEmpty();
      assertThat(answer.get("leakCount").getAsLong()).isNotNegative();
      assertThat(answer.get("periodMillis").getAsLong()).isEqualTo(2000);
    }
    Reference.reachabilityFence(cache);
  }

  @Test
  void sizes_are_noted_over_time() throws Exception {
    List<Integer> list = new ArrayList<>();
    try (Watch watch = Census.watch("served list", list); CensusServer server = CensusServer.builder().period(Duration.ofMillis(100)).start()) {
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      long[] sizes = {};
      while (sizes.length < 3 || sizes[sizes.length - 1] <= sizes[0]) {
        assertThat(System.nanoTime()).as("sizes seen in time: %s", sizes).isLessThan(deadline);
        list.add(1);
        JsonObject answer = json(server);
        sizes = StreamSupport.stream(answer.getAsJsonObject("history")
            .getAsJsonArray(entry(answer, "served list").get("id").getAsString()).spliterator(), false).mapToLong(JsonElement::getAsLong).toArray();
      }
      assertThat(sizes).isSorted();
      assertThat(watch.isActive()).isTrue();
    }
  }

  @Test
  void requests_by_a_foreign_name_are_refused() throws Exception {
    try (CensusServer server = CensusServer.start(0)) {
      assertThat(raw(server, "GET /census.json HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")).contains(" 421 ");
      assertThat(raw(server, "GET /census.json HTTP/1.1\r\nHost: evil.example:" + server.port() + "\r\nConnection: close\r\n\r\n"))
          .contains(" 421 ");
      assertThat(raw(server, "GET / HTTP/1.1\r\nHost: localhost.evil.example\r\nConnection: close\r\n\r\n")).contains(" 421 ");
      assertThat(raw(server, "GET / HTTP/1.0\r\n\r\n")).contains(" 421 ");
      assertThat(raw(server, "GET / HTTP/1.1\r\nHost: LOCALHOST:1\r\nConnection: close\r\n\r\n")).contains(" 200 ");
      assertThat(raw(server, "GET / HTTP/1.1\r\nHost: [::1]:" + server.port() + "\r\nConnection: close\r\n\r\n")).contains(" 200 ");
    }
  }

  @Test
  void nothing_but_get_is_answered() throws Exception {
    try (CensusServer server = CensusServer.start(0)) {
      for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "HEAD")) {
        assertThat(raw(server, method + " / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
            .as(method).contains(" 405 ");
      }
    }
  }

  @Test
  void only_the_loopback_interface_is_listened_on() throws Exception {
    try (CensusServer server = CensusServer.start(0)) {
      for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
        for (InetAddress address : network.inetAddresses().filter(a -> !a.isLoopbackAddress() && !a.isLinkLocalAddress()).toList()) {
          assertThatExceptionOfType(ConnectException.class).as("%s", address).isThrownBy(() -> new Socket(address, server.port()).close());
        }
      }
    }
  }

  @Test
  void its_threads_are_daemons_and_end_with_it() throws Exception {
    Set<Thread> before = Set.copyOf(Thread.getAllStackTraces().keySet());
    CensusServer server = CensusServer.start(0);
    int port = server.port();
    json(server);
    List<Thread> ours = Thread.getAllStackTraces().keySet().stream().filter(thread -> !before.contains(thread)).toList();
    assertThat(ours).isNotEmpty().allMatch(Thread::isDaemon);
    server.close();
    server.close();
    for (Thread thread : ours) {
      if (thread.getName().startsWith("leaksafe-server") || thread.getName().startsWith("HTTP-Dispatcher")) {
        thread.join(60_000);
        assertThat(thread.isAlive()).as("%s", thread).isFalse();
      }
    }
    CensusServer.start(port).close(); // the port is free again
  }

  @Test
  void verdicts_are_shown_and_their_failure_stops_nothing() throws Exception {
    try (CensusServer server = CensusServer.builder().verdicts(() -> List.of("orders grows by 3 a minute")).start()) {
      assertThat(json(server).getAsJsonArray("verdicts").get(0).getAsString()).isEqualTo("orders grows by 3 a minute");
    }
    try (CensusServer server = CensusServer.builder().verdicts(() -> {
      throw new IllegalStateException("on purpose");
    }).start()) {
      assertThat(json(server).getAsJsonArray("verdicts").get(0).getAsString())
          .isEqualTo("the verdicts failed with java.lang.IllegalStateException");
    }
  }

  @Test
  void what_a_monitor_says_to_grow_is_shown() throws Exception {
    AtomicLong figure = new AtomicLong();
    try (GrowthMonitor monitor = GrowthMonitor.builder().cycle(Duration.ZERO).containers(false).heap(false).build();
        CensusServer server = CensusServer.builder().growth(monitor).start()) {
      monitor.watch("served growth", figure::get);
      monitor.watch("served rest", () -> 7);
      assertThat(json(server).getAsJsonArray("verdicts")).isEmpty();
      for (int i = 0; i < 400; i++) {
        figure.addAndGet(100);
        monitor.sample();
      }
      assertThat(json(server).getAsJsonArray("verdicts")).singleElement().asString().contains("served growth: growing");
    }
  }

  @Test
  void a_server_that_is_told_of_no_monitor_has_one_of_its_own_and_ends_it() {
    try (CensusServer server = CensusServer.start(0)) {
      assertThat(monitors()).as("monitors of %s", server).isEqualTo(1);
    }
    assertThat(monitors()).isZero();
    try (CensusServer server = CensusServer.builder().verdicts(List::of).start()) {
      assertThat(monitors()).as("monitors of %s", server).isZero();
    }
  }

  private static long monitors() {
    return Census.snapshot().entries().stream().filter(entry -> entry.kind().equals("monitor") && entry.name().equals("leaksafe-server")).count();
  }

  @Test
  void bad_input_is_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> CensusServer.start(-1))
        .withMessage("port must be 0 (any that is free) to 65535, but was -1");
    assertThatIllegalArgumentException().isThrownBy(() -> CensusServer.start(65536));
    assertThatIllegalArgumentException().isThrownBy(() -> CensusServer.builder().period(Duration.ofMillis(99)))
        .withMessage("period must be at least PT0.1S, but was PT0.099S");
    assertThatNullPointerException().isThrownBy(() -> CensusServer.builder().verdicts(null)).withMessage("verdicts");
    assertThatNullPointerException().isThrownBy(() -> CensusServer.builder().growth(null)).withMessage("monitor");
    try (CensusServer server = CensusServer.start(0)) {
      assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> CensusServer.start(server.port()))
          .withMessageStartingWith("port " + server.port() + " of 127.0.0.1 cannot be opened")
          .withMessageEndingWith("choose another, or 0 for any that is free");
    }
  }

  @Test
  void what_was_served_is_not_kept() throws Exception {
    try (CensusServer server = CensusServer.builder().period(Duration.ofMillis(100)).start()) {
      Watch watch = watched();
      json(server);
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (watch.isActive()) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        System.gc();
        Thread.sleep(20);
      }
    }
  }

  private static Watch watched() {
    Map<String, String> map = new HashMap<>();
    return Census.watch("served and dropped", map);
  }
}
