package leaksafe.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import leaksafe.event.EventBus;
import leaksafe.junit.LeakAssertions;
import leaksafe.junit.LeakFree;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * A test that passes although it leaves something behind. The leak: each view that is shown stays, for the list of listeners has it. The cure is a
 * bus; what keeps it cured is {@link LeakFree}, under which the first test fails and names the line.
 */
class Sample20_LeakFreeTest {

  /** The leak. Run by {@link #the_leak_is_reported_with_its_line}, not by the build: it fails. */
  static class TheLeak {
    static final List<Runnable> LISTENERS = new ArrayList<>();

    static final class View {
      private final byte[] pixels = new byte[10_000];

      void show() {
        LISTENERS.add(() -> pixels[0]++); // nobody takes it out again
      }
    }

    @Test
    @LeakFree
    void show() {
      new View().show();
    }
  }

  /** The cure. */
  static final class View {
    static final EventBus BUS = EventBus.create();
    private final byte[] pixels = new byte[10_000];

    void show() {
      BUS.subscribe(this, String.class, View::repaint); // ends with the view
    }

    void repaint(String why) {
      pixels[0]++;
    }
  }

  @Test
  @LeakFree
  void showing_a_view_leaves_nothing_behind() {
    new View().show();
  }

  @Test
  void a_view_that_was_shown_is_collected() {
    LeakAssertions.assertCollected(() -> {
      View view = new View();
      view.show();
      return view;
    });
  }

  @Test
  void the_leak_is_reported_with_its_line() {
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    LauncherFactory.create().execute(LauncherDiscoveryRequestBuilder.request().selectors(selectClass(TheLeak.class)).build(), summary);
    String report = summary.getSummary().getFailures().get(0).getException().getMessage();
    System.out.println(report);
    assertThat(report).contains("TheLeak.LISTENERS", "(Sample20_LeakFreeTest.java:");
  }
}
