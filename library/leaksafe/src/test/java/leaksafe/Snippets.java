package leaksafe;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import leaksafe.cache.Cache;
import leaksafe.cache.LeaseCache;
import leaksafe.census.Census;
import leaksafe.census.CensusSnapshot;
import leaksafe.event.EventBus;
import leaksafe.memo.Memo;
import leaksafe.pool.Pool;
import leaksafe.registry.WeakRegistry;
import leaksafe.resource.Scope;

/** The code of the README and of the Javadoc, compiled. {@link ReadmeTest} keeps the README equal to it. */
final class Snippets {

  private Snippets() {}

  record Order(long id) {

    static Order load(long id) {
      return new Order(id);
    }
  }

  static final class Session {}

  record Cart(int items) {}

  // @start region="cache"
  static final Cache<Long, Order> ORDERS = Cache.<Long, Order>builder()
      .name("orders")
      .maximumSize(10_000)
      .expireAfterWrite(Duration.ofMinutes(5))
      .build();

  static Order order(long id) {
    return ORDERS.get(id, Order::load);
  }
  // @end

  // @start region="memo"
  static final Memo<String, Pattern> PATTERNS = Memo.of(Pattern::compile); // at most 128, as Python's lru_cache
  // @end

  // @start region="registry"
  static final WeakRegistry<Session, Cart> CARTS = WeakRegistry.<Session, Cart>builder().name("carts").build();

  static Cart cart(Session session) {
    return CARTS.computeIfAbsent(session, s -> new Cart(0)); // goes with the session
  }
  // @end

  // @start region="event"
  static final class CartView {
    private int orders;

    CartView(EventBus bus) {
      bus.subscribe(this, Order.class, CartView::onOrder); // ends with this view: nothing to unregister
    }

    void onOrder(Order order) {
      orders++;
    }
  }
  // @end

  record Connection(int number) implements AutoCloseable {
    static Connection open() {
      return new Connection(1);
    }

    void query() {}

    @Override
    public void close() {}
  }

  // @start region="pool"
  static final Pool<Connection> CONNECTIONS = Pool.<Connection>builder(Connection::open)
      .name("connections")
      .size(1, 16)
      .expireAfterIdle(Duration.ofMinutes(10))
      .build();

  static void query() throws InterruptedException {
    try (Lease<Connection> lease = CONNECTIONS.acquire(Duration.ofSeconds(1))) {
      lease.get().query();
    } // a lease that is dropped all the same is reported with its line, and its place comes back
  }
  // @end

  // @start region="lease"
  static final LeaseCache<Path, FileChannel> FILES = LeaseCache.<Path, FileChannel>builder()
      .name("files")
      .maximumOpen(200) // leased or not
      .expireAfterAccess(Duration.ofMinutes(1))
      .build();

  static int read(Path path, ByteBuffer buffer, long position) throws IOException, InterruptedException {
    try (Lease<FileChannel> file = FILES.acquire(path, FileChannel::open)) {
      return file.get().read(buffer, position);
    }
  }
  // @end

  // @start region="scope"
  static void copy(Path from, Path to) throws IOException {
    try (Scope scope = Scope.open("copy")) {
      InputStream in = scope.own(Files.newInputStream(from));
      OutputStream out = scope.own(Files.newOutputStream(to));
      scope.onFailure(() -> Files.deleteIfExists(to));
      in.transferTo(out);
      scope.succeed();
    } // closes in reverse order, whatever throws, and keeps every exception
  }
  // @end

  // @start region="census"
  static void findWhatGrows(Runnable work, Map<String, Session> sessions) {
    Census.watch("sessions", sessions); // any map or collection joins, held weakly
    CensusSnapshot before = Census.snapshot();
    work.run();
    System.out.println(Census.snapshot().since(before).top(10).toText()); // name, kind, growth, bound and line of each
  }
  // @end
}
