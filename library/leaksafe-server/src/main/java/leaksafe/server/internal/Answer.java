package leaksafe.server.internal;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import leaksafe.Failure;
import leaksafe.FailureListener;
import leaksafe.Leak;
import leaksafe.census.Census;
import leaksafe.census.CensusEntry;
import leaksafe.census.CensusSnapshot;
import leaksafe.server.CensusServer;

/** What the page is told, as JSON. */
final class Answer {
  private final History history;
  private final Duration period;
  private final Supplier<List<String>> verdicts;

  Answer(History history, Duration period, Supplier<List<String>> verdicts) {
    this.history = history;
    this.period = period;
    this.verdicts = verdicts;
  }

  String json() {
    CensusSnapshot all = Census.snapshot();
    CensusSnapshot shown = all.entries().isEmpty() ? all : all.top(CensusServer.SERIES);
    StringBuilder json = new StringBuilder("{\"census\":").append(shown.toJson())
        .append(",\"containers\":").append(all.entries().size()).append(",\"entries\":").append(all.totalSize())
        .append(",\"periodMillis\":").append(period.toMillis())
        .append(",\"leakCount\":").append(Census.leakCount());
    Runtime runtime = Runtime.getRuntime();
    json.append(",\"heap\":{\"maximum\":").append(runtime.maxMemory()).append(",\"used\":");
    numbers(json, history.heap());
    json.append("},\"history\":{");
    String separator = "";
    for (CensusEntry entry : shown.entries()) {
      json.append(separator).append('"').append(entry.id()).append("\":");
      numbers(json, history.of(entry.id()));
      separator = ",";
    }
    json.append("},\"leaks\":[");
    separator = "";
    for (Leak leak : Census.recentLeaks()) {
      json.append(separator);
      leak(json, leak);
      separator = ",";
    }
    json.append("],\"verdicts\":");
    texts(json, verdicts(verdicts));
    return json.append('}').toString();
  }

  private static List<String> verdicts(Supplier<List<String>> supplier) {
    try {
      return List.copyOf(supplier.get());
    } catch (RuntimeException | Error e) {
      FailureListener.logging().onFailure(new Failure("census server", "verdicts", "", e));
      return List.of("the verdicts failed with " + e.getClass().getName());
    }
  }

  private static void leak(StringBuilder json, Leak leak) {
    json.append("{\"container\":");
    quote(json, leak.container());
    json.append(",\"kind\":");
    quote(json, leak.kind());
    json.append(",\"what\":");
    quote(json, leak.what());
    json.append(",\"site\":");
    quote(json, leak.site());
    json.append(",\"ageMillis\":").append(leak.age().toMillis()).append(",\"hints\":");
    texts(json, leak.hints());
    json.append('}');
  }

  private static void numbers(StringBuilder json, long[] values) {
    json.append('[');
    for (int i = 0; i < values.length; i++) {
      json.append(i == 0 ? "" : ",").append(values[i]);
    }
    json.append(']');
  }

  private static void texts(StringBuilder json, List<String> texts) {
    json.append('[');
    for (int i = 0; i < texts.size(); i++) {
      json.append(i == 0 ? "" : ",");
      quote(json, texts.get(i));
    }
    json.append(']');
  }

  /** RFC 8259, section 7. Surrogates without a partner become question marks when the answer is encoded. */
  private static void quote(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }
}
