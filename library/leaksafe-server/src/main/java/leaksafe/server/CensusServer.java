package leaksafe.server;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import leaksafe.server.internal.LoopbackServer;
import leaksafe.watch.Growth;
import leaksafe.watch.GrowthMonitor;
import leaksafe.watch.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Serves a page with all containers, their sizes over time, what grows, and the latest leaks.
 *
 * <pre>{@code
 * try (CensusServer server = CensusServer.start(8089)) {
 *   System.out.println(server.uri());
 *   ...
 * }
 * }</pre>
 *
 * <p>{@code /} is the page, {@code /census.json} what it shows. Read-only; loopback only; see the package.
 *
 * <p><b>Growth.</b> Unless it is given a monitor it has one of its own, which looks at containers and the heap every ten seconds: the page says what
 * {@link GrowthMonitor} suspects, or says, to grow, after some eleven minutes at the earliest.
 *
 * <p><b>What is kept.</b> Numbers and text: up to {@value #POINTS} sizes of each of the {@value #SERIES} largest containers, some 500 KB at
 * most, and 4 KB for each of up to 512 figures of its monitor. No container is kept alive.
 *
 * <p><b>Threads.</b> Daemons: one that accepts, up to four that answer, which end after a minute without requests. They run until the server
 * is closed, and keep the class loader of this class as long.
 */
public final class CensusServer implements AutoCloseable {
  /** How many sizes of a container are kept. */
  public static final int POINTS = 120;

  /** Of how many containers sizes are kept, and how many are shown. */
  public static final int SERIES = 500;

  private static final Duration WATCHED_EVERY = Duration.ofSeconds(10);

  private final LoopbackServer server;
  private final @Nullable GrowthMonitor own; // null if it was told what to say of growth

  private CensusServer(LoopbackServer server, @Nullable GrowthMonitor own) {
    this.server = server;
    this.own = own;
  }

  /**
   * Starts a server.
   *
   * @param port 1 to 65535, or 0 for any that is free: see {@link #port()}
   * @throws IllegalArgumentException if the port is outside of that range
   * @throws java.io.UncheckedIOException if the port is in use or must not be opened
   */
  public static CensusServer start(int port) {
    return builder().port(port).start();
  }

  /** Returns a builder for a server on any free port. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the port. */
  public int port() {
    return server.port();
  }

  /** Returns the address of the page. */
  public URI uri() {
    return server.uri();
  }

  /** Stops at once, ends the threads and frees the port. Does nothing the second time. */
  @Override
  public void close() {
    server.close();
    if (own != null) {
      own.close();
    }
  }

  @Override
  public String toString() {
    return "census server at " + uri();
  }

  /** Builds servers. */
  public static final class Builder {
    private static final Duration SHORTEST = Duration.ofMillis(100);

    private int port;
    private Duration period = Duration.ofSeconds(2);
    private @Nullable Supplier<List<String>> verdicts;

    private Builder() {}

    /**
     * Sets the port; any that is free if not set.
     *
     * @param port 0 to 65535
     * @throws IllegalArgumentException if it is outside of that range
     */
    public Builder port(int port) {
      if (port < 0 || port > 65535) {
        throw new IllegalArgumentException("port must be 0 (any that is free) to 65535, but was " + port);
      }
      this.port = port;
      return this;
    }

    /**
     * Sets how often sizes are noted and the page is refreshed; 2 seconds if not set.
     *
     * @throws IllegalArgumentException if it is less than 100 ms
     */
    public Builder period(Duration period) {
      if (Objects.requireNonNull(period, "period").compareTo(SHORTEST) < 0) {
        throw new IllegalArgumentException("period must be at least " + SHORTEST + ", but was " + period);
      }
      this.period = period;
      return this;
    }

    /**
     * Sets what the page says under "Growing", one line each, in place of a monitor of the server's own; for another monitor see {@link #growth}.
     *
     * @param verdicts is called for each answer, on a thread of the server; what it throws is logged, and shown by the name of its class
     */
    public Builder verdicts(Supplier<List<String>> verdicts) {
      this.verdicts = Objects.requireNonNull(verdicts, "verdicts");
      return this;
    }

    /**
     * Shows what the monitor suspects or says to grow under "Growing", in place of one of the server's own. The server holds the monitor until it is closed; it does not close it.
     */
    public Builder growth(GrowthMonitor monitor) {
      Objects.requireNonNull(monitor, "monitor");
      return verdicts(() -> lines(monitor));
    }

    private static List<String> lines(GrowthMonitor monitor) {
      return monitor.report().stream().filter(growth -> growth.verdict().compareTo(Verdict.SUSPECTED) >= 0).map(Growth::toString).toList();
    }

    /**
     * Starts the server.
     *
     * @throws java.io.UncheckedIOException if the port is in use or must not be opened
     */
    public CensusServer start() {
      if (verdicts != null) {
        return new CensusServer(new LoopbackServer(port, period, verdicts), null);
      }
      // The heap is seen through a module that small run-time images lack.
      boolean heap = ModuleLayer.boot().findModule("java.management").isPresent();
      GrowthMonitor own = GrowthMonitor.builder().name("leaksafe-server").atInterval(WATCHED_EVERY).heap(heap).listener(alert -> { }).build();
      boolean started = false;
      try {
        CensusServer server = new CensusServer(new LoopbackServer(port, period, () -> lines(own)), own);
        started = true;
        return server;
      } finally {
        if (!started) {
          own.close();
        }
      }
    }
  }
}
