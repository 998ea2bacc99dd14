package leaksafe.lab.scenario;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import leaksafe.event.EventBus;
import leaksafe.lab.Scenario;
import leaksafe.lab.input.ClassFile;
import leaksafe.lab.run.Stage;

/** Each class gets a view that listens to events; views are dropped, and nobody unregisters them. */
public final class ListenersNobodyUnregisters implements Scenario {
  private static final int PUBLISH_EVERY = 50;

  private static final class AdHoc {
    // @start region="ad-hoc"
    record Opened(String name) {}

    static final List<Consumer<Opened>> LISTENERS = new CopyOnWriteArrayList<>();

    static final class View {
      private final ClassFile file;
      private int seen;

      View(ClassFile file) {
        this.file = file;
        LISTENERS.add(this::onOpened); // and who removes it?
      }

      private void onOpened(Opened event) {
        seen += event.name().length() + file.interfaces().size();
      }
    }
    // @end
  }

  private static final class Ours {
    // @start region="leaksafe"
    record Opened(String name) {}

    static final EventBus BUS = EventBus.create();

    static final class View {
      private final ClassFile file;
      private int seen;

      View(ClassFile file) {
        this.file = file;
        BUS.subscribe(this, Opened.class, View::onOpened); // ends with this view
      }

      private void onOpened(Opened event) {
        seen += event.name().length() + file.interfaces().size();
      }
    }
    // @end
  }

  @Override
  public String name() {
    return "listeners";
  }

  @Override
  public String title() {
    return "Listeners that nobody unregisters";
  }

  @Override
  public String summary() {
    return "Each view adds itself to a list of listeners when it is made; views go out of use, the list keeps them.";
  }

  @Override
  public String culprit() {
    return AdHoc.View.class.getName();
  }

  @Override
  public void adHoc(Stage stage) throws Exception {
    int[] count = {0};
    stage.forEachClass(input -> {
      AdHoc.View view = new AdHoc.View(input.parse());
      if (++count[0] % PUBLISH_EVERY == 0) {
        AdHoc.Opened event = new AdHoc.Opened(view.file.name());
        AdHoc.LISTENERS.forEach(listener -> listener.accept(event));
      }
    });
  }

  @Override
  public void leaksafe(Stage stage) throws Exception {
    int[] count = {0};
    stage.forEachClass(input -> {
      Ours.View view = new Ours.View(input.parse());
      if (++count[0] % PUBLISH_EVERY == 0) {
        Ours.BUS.publish(new Ours.Opened(view.file.name()));
      }
    });
  }
}
