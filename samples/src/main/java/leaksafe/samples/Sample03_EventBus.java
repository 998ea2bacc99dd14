package leaksafe.samples;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import leaksafe.event.EventBus;

/** The leak: a list of listeners from which nobody takes them. The cure: a bus whose subscriptions end with their owners. */
public final class Sample03_EventBus {
  private static final List<Consumer<String>> LISTENERS = new CopyOnWriteArrayList<>();
  private static final EventBus BUS = EventBus.create();

  private Sample03_EventBus() {}

  /** A view that hears of news as long as it is in use. */
  private static final class View {
    private int heard;

    void hear(String news) {
      heard++;
    }
  }

  /** Shows both. */
  public static void main(String[] args) throws InterruptedException {
    WeakReference<View> listed = listed();
    WeakReference<View> subscribed = subscribed();
    for (int i = 0; i < 100 && subscribed.get() != null; i++) {
      System.gc();
      Thread.sleep(10);
    }
    System.out.println("the list keeps its dropped view: " + (listed.get() != null));
    System.out.println("the bus keeps its dropped view:  " + (subscribed.get() != null));
    View view = new View();
    try {
      BUS.listen(view, String.class, new Consumer<String>() {
        @Override
        public void accept(String news) {
          view.hear(news);
        }
      }::accept);
    } catch (IllegalArgumentException e) {
      System.out.println("a handler that would keep its owner is refused: " + e.getMessage());
    }
  }

  private static WeakReference<View> listed() {
    View view = new View();
    LISTENERS.add(view::hear);
    return new WeakReference<>(view);
  }

  private static WeakReference<View> subscribed() {
    View view = new View();
    BUS.subscribe(view, String.class, View::hear);
    BUS.publish("news");
    System.out.println("the view heard of " + view.heard + " piece of news");
    return new WeakReference<>(view);
  }
}
