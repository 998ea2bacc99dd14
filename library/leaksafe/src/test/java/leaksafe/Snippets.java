package leaksafe;

import java.time.Duration;
import leaksafe.cache.Cache;
import leaksafe.registry.WeakRegistry;

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

  // @start region="registry"
  static final WeakRegistry<Session, Cart> CARTS = WeakRegistry.<Session, Cart>builder().name("carts").build();

  static Cart cart(Session session) {
    return CARTS.computeIfAbsent(session, s -> new Cart(0)); // goes with the session
  }
  // @end
}
