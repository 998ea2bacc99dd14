package leaksafe.census;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An application that has the library from its parent, watches its own static fields, and ends no watch. */
public final class WatchingApplication implements Runnable {
  private static final Map<Object, Object> MAP = new HashMap<>();
  private static final StringBuilder TEXT = new StringBuilder("abc");
  private static final List<String> KEPT = new ArrayList<>();

  /** Creates it. */
  public WatchingApplication() {}

  /** A probe of the application's. */
  static final class TextProbe implements Probe<StringBuilder> {
    private final List<String> kept = KEPT;

    @Override
    public String kind() {
      return "text";
    }

    @Override
    public long size(StringBuilder text) {
      return text.length() + kept.size();
    }
  }

  @Override
  public void run() {
    MAP.put(this, this);
    Census.watch("hygiene map", MAP);
    int[] captured = {1};
    Census.watch("hygiene text", "text", TEXT, text -> text.length() + captured[0]);
    Census.watch("hygiene list", "list", KEPT, List::size);
    Census.watch("hygiene probe", new StringBuilder("dies at once"), new TextProbe());
    Census.watch("hygiene lives", new StringBuilder[] {TEXT}[0].append("d"), new TextProbe());
    if (Census.snapshot().filter(entry -> entry.classLoader().contains("ApplicationLoader@")).entries().size() < 3) {
      throw new AssertionError(Census.snapshot().toText());
    }
  }
}
