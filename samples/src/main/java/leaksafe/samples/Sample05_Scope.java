package leaksafe.samples;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import leaksafe.resource.Scope;

/**
 * Several resources that are opened one after the other. The leak: the third fails to open, and the first two stay open, with the threads of
 * an executor. The cure: a {@link Scope}, which closes what there is, in reverse order, whatever fails.
 */
public final class Sample05_Scope {
  private static final List<String> OPEN = new ArrayList<>();

  private Sample05_Scope() {}

  /** A connection to somewhere. */
  record Connection(String name) implements AutoCloseable {
    static Connection open(String name) {
      if (name.equals("broken")) {
        throw new IllegalStateException("cannot connect to " + name);
      }
      OPEN.add(name);
      return new Connection(name);
    }

    @Override
    public void close() {
      OPEN.remove(name);
    }
  }

  /** Shows the leak, then the cure. */
  public static void main(String[] args) {
    try {
      leaking();
    } catch (IllegalStateException e) {
      System.out.println("without a scope: " + e.getMessage() + "; still open: " + OPEN);
    }
    OPEN.clear();
    try {
      cured();
    } catch (IllegalStateException e) {
      System.out.println("with a scope: " + e.getMessage() + "; still open: " + OPEN);
    }
    ownedByAnObject();
  }

  private static void leaking() {
    Connection orders = Connection.open("orders");
    Connection stock = Connection.open("stock");
    Connection broken = Connection.open("broken"); // throws, and nobody closes the other two
    broken.close();
    stock.close();
    orders.close();
  }

  private static void cured() {
    try (Scope scope = Scope.open("transfer")) {
      scope.own(Connection.open("orders"));
      scope.own(Connection.open("stock"));
      ExecutorService workers = scope.adopt(Executors.newFixedThreadPool(2), Duration.ofSeconds(5));
      workers.execute(() -> { });
      scope.own(Connection.open("broken"));
    }
  }

  /** Builds an object that keeps its resources if everything went well, and nothing otherwise. */
  private static void ownedByAnObject() {
    Scope kept = Scope.call("build", scope -> {
      scope.own(Connection.open("orders"));
      scope.own(Connection.open("stock"));
      return scope.handOver();
    });
    System.out.println("handed over: " + OPEN);
    kept.close();
    System.out.println("closed by its new owner: " + OPEN);
  }
}
