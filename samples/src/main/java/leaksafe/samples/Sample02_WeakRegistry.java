package leaksafe.samples;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.WeakHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import leaksafe.registry.Attachable;
import leaksafe.registry.Attachments;
import leaksafe.registry.WeakRegistry;

/**
 * Extra data for objects of another class: a cart for each session. The leak: the cart refers to its session, so that a
 * {@code WeakHashMap} keeps both for ever. The cure: a {@link WeakRegistry}, with one field in the session.
 */
public final class Sample02_WeakRegistry {
  private static final int SESSIONS = 500;

  private Sample02_WeakRegistry() {}

  /** A class that knows nothing of carts. */
  static class Session {}

  /** The same, with a place for the data of others. */
  static final class RoomySession extends Session implements Attachable {
    private final Attachments attachments = new Attachments();

    @Override
    public Attachments attachments() {
      return attachments;
    }
  }

  /** The extra data. That it refers to its session is natural, and deadly in a weak map. */
  record Cart(Session session) {}

  /** Shows the leak, then the cure, then what happens to sessions that have no place. */
  public static void main(String[] args) throws InterruptedException {
    WeakHashMap<Session, Cart> leaking = new WeakHashMap<>();
    show("WeakHashMap", endedSessions(Session::new, leaking::put));

    try (WeakRegistry<Session, Cart> carts = WeakRegistry.<Session, Cart>builder().name("carts").build()) {
      show("WeakRegistry", endedSessions(RoomySession::new, carts::put));

      Session plain = new Session();
      try {
        carts.put(plain, new Cart(plain));
      } catch (IllegalArgumentException e) {
        System.out.println("a session without a place: " + e.getMessage());
      }
    }
    Reference.reachabilityFence(leaking);
  }

  private static List<WeakReference<Session>> endedSessions(Supplier<Session> start, BiConsumer<Session, Cart> store) {
    List<WeakReference<Session>> ended = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      Session session = start.get();
      store.accept(session, new Cart(session));
      ended.add(new WeakReference<>(session));
    }
    return ended;
  }

  private static void show(String map, List<WeakReference<Session>> ended) throws InterruptedException {
    for (int i = 0; i < 4; i++) {
      System.gc();
      Thread.sleep(20);
    }
    long held = ended.stream().filter(session -> !session.refersTo(null)).count();
    System.out.println(map + ": " + held + " of " + SESSIONS + " ended sessions are still there");
  }
}
