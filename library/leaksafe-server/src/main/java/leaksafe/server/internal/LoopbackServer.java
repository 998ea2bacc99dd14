package leaksafe.server.internal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import leaksafe.Failure;
import leaksafe.FailureListener;
import leaksafe.census.Census;
import leaksafe.census.CensusSampler;
import leaksafe.resource.OwnedExecutors;
import org.jspecify.annotations.Nullable;

/** The HTTP side: who may ask, and what for. */
public final class LoopbackServer implements AutoCloseable {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String JSON = "application/json; charset=utf-8";
  private static final String PLAIN = "text/plain; charset=utf-8";
  private static final Map<String, String> HEADERS = Map.of(
      "Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      "X-Content-Type-Options", "nosniff",
      "Cross-Origin-Resource-Policy", "same-origin",
      "Referrer-Policy", "no-referrer",
      "Cache-Control", "no-store");
  private static final int THREADS = 4;
  private static final int WAITING = 64;

  private final HttpServer server;
  private final ExecutorService executor;
  private final History history;
  private final Answer answer;
  private final CensusSampler sampler;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Starts a server on the loopback interface. */
  public LoopbackServer(int port, Duration period, Supplier<List<String>> verdicts) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try {
      server = HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new UncheckedIOException("port " + port + " of " + address.getAddress().getHostAddress() + " cannot be opened ("
          + e.getMessage() + "): choose another, or 0 for any that is free", e);
    }
    history = new History();
    answer = new Answer(history, period, verdicts);
    executor = OwnedExecutors.named("leaksafe-server").threads(THREADS).queueCapacity(WAITING).daemon().build();
    server.setExecutor(executor);
    server.createContext("/", this::handle);
    history.add(Census.snapshot());
    sampler = Census.every(period, history::add);
    startOnDaemon();
  }

  /** The server's own thread is a daemon if it is started from one. */
  private void startOnDaemon() {
    Thread starter = new Thread(null, server::start, "leaksafe-server-start", 0, false);
    starter.setDaemon(true);
    starter.start();
    boolean interrupted = false;
    while (true) {
      try {
        starter.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true; // it takes no time
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the port. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Returns the address of the page. */
  public URI uri() {
    return URI.create("http://localhost:" + port() + "/");
  }

  private void handle(HttpExchange exchange) {
    try (exchange) {
      if (!isLoopback(exchange.getRequestHeaders().getFirst("Host"))) {
        // Somebody's page whose name was made to point to this machine: RFC 9110, 15.5.20, Misdirected Request.
        send(exchange, 421, PLAIN, "ask for localhost, 127.0.0.1 or [::1]\n");
      } else if (!exchange.getRequestMethod().equals("GET")) {
        exchange.getResponseHeaders().set("Allow", "GET");
        send(exchange, 405, PLAIN, "only GET is answered\n");
      } else {
        get(exchange, exchange.getRequestURI().getPath());
      }
    } catch (IOException e) {
      // The browser went away: nobody is left to be told.
    } catch (RuntimeException | Error e) {
      FailureListener.logging().onFailure(new Failure("census server", "request", String.valueOf(exchange.getRequestURI()), e));
    }
  }

  private void get(HttpExchange exchange, String path) throws IOException {
    switch (path) {
      case "/" -> send(exchange, 200, HTML, resource("page.html"));
      case "/page.css" -> send(exchange, 200, "text/css; charset=utf-8", resource("page.css"));
      case "/page.js" -> send(exchange, 200, "text/javascript; charset=utf-8", resource("page.js"));
      case "/census.json" -> send(exchange, 200, JSON, answer.json());
      default -> send(exchange, 404, PLAIN, "there is / and /census.json\n");
    }
  }

  /** Returns whether a request was made by a name of the loopback interface, whatever the port. */
  static boolean isLoopback(@Nullable String host) {
    if (host == null) {
      return false;
    }
    String name = host.replaceFirst(":\\d{1,5}$", "");
    return name.equalsIgnoreCase("localhost") || name.equals("127.0.0.1") || name.equals("[::1]");
  }

  private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    HEADERS.forEach(exchange.getResponseHeaders()::set);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = LoopbackServer.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      sampler.close();
      server.stop(0);
      executor.shutdownNow();
    }
  }
}
