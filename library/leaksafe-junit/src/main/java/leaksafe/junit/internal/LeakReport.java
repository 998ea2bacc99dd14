package leaksafe.junit.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import leaksafe.heap.GrownPath;
import leaksafe.resource.OpenGroup;
import leaksafe.resource.ThreadLeak;
import org.jspecify.annotations.Nullable;

/** Writes down what stays, with the lines to look at; for each finding what it is first, then where. */
final class LeakReport {
  private static final int MOST_PATHS = 5;
  private static final int MOST_CLASSES = 8;
  private static final int MOST_LINES = 5;
  private static final int MOST_FRAMES = 4;
  private static final Pattern FIELD = Pattern.compile("^(?:<[^>]*> )?([\\w.$]+)\\.([\\w$]+)$");

  private final String test;
  private final Settings settings;
  private final CodeLines lines;
  private final StringBuilder text = new StringBuilder();
  private int findings;

  LeakReport(String test, Settings settings, CodeLines lines) {
    this.test = test;
    this.settings = settings;
    this.lines = lines;
  }

  boolean isEmpty() {
    return findings == 0;
  }

  String text() {
    return test + " leaves something behind, each time: seen in " + settings.rounds() + " rounds after " + settings.warmUps()
        + " for warming up\n" + text;
  }

  private void finding(String what) {
    findings++;
    text.append('\n').append(findings).append(". ").append(what).append('\n');
  }

  private void line(String head, String rest) {
    text.append("   ").append(head).append(" ".repeat(Math.max(1, 11 - head.length()))).append(rest).append('\n');
  }

  private void lines(String head, List<String> all) {
    for (int i = 0; i < all.size(); i++) {
      line(i == 0 ? head : "", "at " + all.get(i));
    }
  }

  void unclosed(List<LeakTally.Found> leaks) {
    for (LeakTally.Found found : leaks) {
      finding("Not closed: a " + found.first.kind() + " of " + found.first.container() + " (" + found.first.what() + ") was dropped, "
          + found.count + (found.count == 1 ? " time" : " times"));
      lines("opened", frames(found.first.site()));
      found.first.hints().forEach(hint -> line("touched", frames(hint).get(0)));
    }
  }

  private static List<String> frames(String site) {
    List<String> all = List.of(site.split(" < "));
    List<String> frames = all.stream().takeWhile(frame -> !Names.isOfHarness(frame)).toList();
    if (frames.isEmpty()) {
      return all;
    }
    return frames.size() <= MOST_FRAMES ? frames : frames.subList(0, MOST_FRAMES);
  }

  void containers(List<Growing.Grown<ContainerCounts.Key>> grown) {
    Set<String> multiplying = new LinkedHashSet<>();
    for (Growing.Grown<ContainerCounts.Key> one : grown) {
      if (one.what().measure() == ContainerCounts.Measure.INSTANCES) {
        multiplying.add(one.what().kind() + one.what().site());
      }
    }
    for (Growing.Grown<ContainerCounts.Key> one : grown) {
      ContainerCounts.Key key = one.what();
      boolean isExplained = key.measure() == ContainerCounts.Measure.BOUNDED_ENTRIES || key.measure() == ContainerCounts.Measure.ENTRIES && multiplying.contains(key.kind() + key.site());
      if (isExplained) {
        continue;
      }
      String name = key.kind() + " " + key.name();
      switch (key.measure()) {
        case BOUNDED_ENTRIES, ENTRIES -> {
          finding("Growing container: the " + name + " (" + ContainerCounts.bound(key) + ") has " + one.latest() + " entries, +" + one.by());
          line("created", "at " + key.site());
        }
        case INSTANCES -> {
          finding("More and more containers: " + one.latest() + " times the " + name + ", +" + one.by());
          line("created", "at " + key.site());
        }
        case LEASED -> {
          finding("Leases that are held: " + one.latest() + " of the " + name + ", +" + one.by());
          line("pool", "at " + key.site());
        }
        case OPEN -> {
          finding("Open resources that are held: " + one.latest() + " of the " + name + ", +" + one.by());
          for (OpenGroup group : ContainerCounts.open(key).stream().limit(MOST_LINES).toList()) {
            line("open", group.count() + " of " + group.what());
            lines("opened", frames(group.site()));
          }
        }
      }
    }
  }

  void threads(List<ThreadLeak> left, Map<Long, String> starts, int rounds) {
    Map<String, List<ThreadLeak>> bySite = new TreeMap<>();
    for (ThreadLeak leak : left) {
      String recorded = starts.getOrDefault(leak.id(), "");
      bySite.computeIfAbsent(leak.owner() == null && !recorded.isEmpty() ? recorded : leak.startedBy(), site -> new ArrayList<>()).add(leak);
    }
    bySite.forEach((site, leaks) -> {
      ThreadLeak one = leaks.get(0);
      finding("Threads that nobody stops: " + one.name() + (leaks.size() == 1 ? "" : " and " + (leaks.size() - 1) + " more")
          + (one.owner() == null ? "" : " of " + one.owner()) + " after " + rounds + " rounds more (" + one.state() + (one.daemon() ? ", daemon" : "") + ")");
      lines("started", frames(site));
      lines("now", frames(one.stack()).stream().limit(2).toList());
    });
    line("", "(what these threads hold is examined once they end)");
  }

  void budget(long grownBytes) {
    finding("More memory than the budget: " + grownBytes + " bytes more are retained, retainedBytes allows " + settings.retainedBytes());
  }

  void objects(List<Growing.Grown<String>> classes, List<GrownPath> paths, @Nullable String problem) {
    if (paths.isEmpty() && problem == null) {
      return;
    }
    List<Growing.Grown<String>> own = classes.stream().filter(one -> !Names.isOfPlatform(one.what())).toList();
    List<Growing.Grown<String>> shown = (own.isEmpty() ? classes : own).stream().limit(MOST_CLASSES).toList();
    boolean local = paths.stream().anyMatch(path -> path.path().contains("ThreadLocalMap"));
    finding(local ? "Growing thread-locals" : "Objects that stay");
    for (Growing.Grown<String> one : shown) {
      line("class", one.what() + ": " + one.latest() + " instances, +" + one.by());
      lines.addSourceOf(one.what().replace("$$Lambda", ""));
    }
    if (problem != null) {
      line("held by", "unknown: the heap could not be inspected (" + problem + ")");
    }
    Map<String, List<String>> uses = new LinkedHashMap<>();
    for (GrownPath path : paths.stream().limit(MOST_PATHS).toList()) {
      String[] steps = path.path().split(" -> ");
      line("held by", steps[0]);
      for (int i = 1; i < steps.length; i++) {
        line("", "  -> " + steps[i]);
      }
      line("", "+" + path.grownBy() + " objects, +" + path.grownBytes() + " bytes in " + settings.rounds() + " rounds more");
      for (String step : steps) {
        Matcher field = FIELD.matcher(step);
        if (field.matches() && !Names.isOfPlatform(field.group(1))) {
          lines.addSourceOf(field.group(1));
          uses.computeIfAbsent(field.group(1) + "." + field.group(2), f -> lines.using(field.group(1), field.group(2), MOST_LINES));
        }
      }
    }
    uses.forEach((field, at) -> {
      if (!at.isEmpty()) {
        line("field", field + " is used");
        lines("", at);
      }
    });
    List<String> created = lines.creating(own.stream().map(one -> one.what()).toList(), MOST_LINES);
    lines("created", created);
  }
}
