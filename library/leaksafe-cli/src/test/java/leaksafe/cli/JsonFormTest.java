package leaksafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Holds what the questions answer in JSON to what the page about it promises. */
@Timeout(180)
class JsonFormTest {
  private static final Pattern ROW = Pattern.compile("\\|(.*?)\\| (table|tree|trees) \\|(.*)\\|");
  private static final Pattern COLUMN = Pattern.compile("`([^`]+)` (count|bytes|series|text)");
  private static final Pattern NAME = Pattern.compile("`(\\w+)`");

  private static final List<Object> LEAK = new ArrayList<>();
  private static final Map<Object, Object> WEAK = new WeakHashMap<>();

  @TempDir
  static Path directory;

  private static String before;
  private static String after;

  /** A class that the closed loader defines. */
  public static final class Plugin {}

  @BeforeAll
  static void dump_twice_what_has_rows_for_each_table() throws Exception {
    before = dump("before.hprof");
    for (int i = 0; i < 2000; i++) {
      LEAK.add(new long[16]);
    }
    addEntryThatKeepsItsKey();
    try (URLClassLoader closed = new URLClassLoader(new URL[] {JsonFormTest.class.getProtectionDomain().getCodeSource().getLocation()}, null)) {
      LEAK.add(closed.loadClass(Plugin.class.getName()).getConstructor().newInstance());
    }
    after = dump("after.hprof");
  }

  /** In a frame of its own, which does not hold the key any more when the heap is dumped. */
  private static void addEntryThatKeepsItsKey() {
    Object key = new Object();
    WEAK.put(key, List.of(key));
  }

  @AfterAll
  static void let_go() {
    LEAK.clear();
    WEAK.clear();
  }

  private static String dump(String name) throws Exception {
    String file = directory.resolve(name).toString();
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file, true);
    return file;
  }

  private static JsonObject answer(String... args) throws Exception {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Main.run(new PrintWriter(out), new PrintWriter(err), args);
    assertThat(err.toString()).as(String.join(" ", args)).isEmpty();
    try (JsonReader reader = new JsonReader(new StringReader(out.toString()))) {
      reader.setStrictness(Strictness.STRICT);
      return JsonParser.parseReader(reader).getAsJsonObject();
    }
  }

  /** A section as the page has it: what it is, and the units of its columns by name. */
  private record Section(String kind, Map<String, String> units) {}

  private static Map<String, List<Section>> page() throws Exception {
    Map<String, List<Section>> questions = new LinkedHashMap<>();
    List<String> current = List.of();
    for (String line : Files.readAllLines(Path.of("JSON.md"))) {
      Matcher row = ROW.matcher(line);
      if (!row.matches()) {
        continue;
      }
      List<String> named = NAME.matcher(row.group(1)).results().map(match -> match.group(1)).toList();
      current = named.isEmpty() ? current : named;
      Map<String, String> units = new LinkedHashMap<>();
      COLUMN.matcher(row.group(3)).results().forEach(column -> units.put(column.group(1), column.group(2)));
      for (String question : current) {
        questions.computeIfAbsent(question, q -> new ArrayList<>()).add(new Section(row.group(2), units));
      }
    }
    return questions;
  }

  @Test
  void every_question_answers_as_the_page_says() throws Exception {
    Map<String, List<Section>> page = page();
    assertThat(page.keySet()).containsExactlyInAnyOrder("growth", "watch", "why", "retained", "containers", "loaders", "ephemerons", "histogram",
        "diff", "strings", "threads");
    for (Map.Entry<String, List<Section>> question : page.entrySet()) {
      if (!question.getKey().equals("watch")) { // Which prints the same report as growth.
        check(question.getKey(), question.getValue());
      }
    }
  }

  private static void check(String question, List<Section> promised) throws Exception {
    List<String> args = new ArrayList<>(List.of(question, "-f", "json"));
    args.addAll(question.equals("growth") || question.equals("diff") ? List.of(before, after) : List.of(after));
    if (question.equals("why")) {
      args.add("long[]");
    }
    JsonObject report = answer(args.toArray(String[]::new));
    assertThat(report.keySet()).as(question).containsExactly("version", "title", "notes", "sections");
    assertThat(report.get("version").getAsInt()).isEqualTo(1);
    assertThat(isText(report.get("title"))).isTrue();
    report.getAsJsonArray("notes").forEach(note -> assertThat(isText(note)).isTrue());
    JsonArray sections = report.getAsJsonArray("sections");
    for (int i = 0; i < sections.size(); i++) {
      Section section = promised.get(Math.min(i, promised.size() - 1));
      JsonObject json = sections.get(i).getAsJsonObject();
      assertThat(isText(json.get("title"))).isTrue();
      if (section.kind.equals("table")) {
        assertThat(i).as("%s has no more tables than promised", question).isLessThan(promised.size());
        checkTable(question + " " + i, json, section.units);
      } else {
        assertThat(json.keySet()).as(question + " " + i).containsExactly("title", "tree");
        assertThat(json.getAsJsonArray("tree")).as(question + " " + i).isNotEmpty();
        json.getAsJsonArray("tree").forEach(JsonFormTest::checkNode);
      }
    }
    long most = promised.get(promised.size() - 1).kind.equals("trees") ? promised.size() - 1 : promised.size();
    assertThat((long) sections.size()).as("sections of %s", question).isGreaterThanOrEqualTo(most);
  }

  private static void checkTable(String what, JsonObject table, Map<String, String> units) {
    assertThat(table.keySet()).as(what).containsExactly("title", "columns", "rows");
    Map<String, String> columns = new LinkedHashMap<>();
    for (JsonElement column : table.getAsJsonArray("columns")) {
      assertThat(column.getAsJsonObject().keySet()).as(what).containsExactly("name", "unit");
      columns.put(column.getAsJsonObject().get("name").getAsString(), column.getAsJsonObject().get("unit").getAsString());
    }
    assertThat(columns).as(what).containsExactlyEntriesOf(units);
    assertThat(table.getAsJsonArray("rows")).as("a row that shows its types: %s", what).isNotEmpty();
    for (JsonElement element : table.getAsJsonArray("rows")) {
      JsonObject row = element.getAsJsonObject();
      assertThat(row.keySet()).as(what).containsExactlyElementsOf(units.keySet());
      units.forEach((name, unit) -> {
        JsonElement value = row.get(name);
        boolean right = switch (unit) {
          case "count", "bytes" -> isInteger(value);
          case "series" -> value.isJsonArray() && value.getAsJsonArray().asList().stream().allMatch(JsonFormTest::isInteger);
          default -> isText(value);
        };
        assertThat(right).as("%s: %s is %s, but should be a %s", what, name, value, unit).isTrue();
      });
    }
  }

  private static void checkNode(JsonElement element) {
    JsonObject node = element.getAsJsonObject();
    assertThat(node.keySet()).containsExactly("label", "count", "bytes", "children");
    assertThat(isText(node.get("label")) && isInteger(node.get("count")) && isInteger(node.get("bytes"))).as(node.toString()).isTrue();
    node.getAsJsonArray("children").forEach(JsonFormTest::checkNode);
  }

  private static boolean isText(JsonElement value) {
    return value instanceof JsonPrimitive text && text.isString();
  }

  private static boolean isInteger(JsonElement value) {
    return value instanceof JsonPrimitive number && number.isNumber() && number.getAsString().matches("-?\\d+");
  }

  @Test
  void numbers_are_those_of_the_heap_and_not_rounded() throws Exception {
    JsonObject growth = answer("growth", "-f", "json", before, after);
    JsonObject row = growth.getAsJsonArray("sections").get(0).getAsJsonObject().getAsJsonArray("rows").asList().stream()
        .map(JsonElement::getAsJsonObject).filter(r -> r.get("path").getAsString().contains("JsonFormTest.LEAK") && r.get("path").getAsString().endsWith("long[]"))
        .findFirst().orElseThrow();
    assertThat(row.get("more").getAsLong()).isEqualTo(2000);
    assertThat(row.get("more bytes").getAsLong()).isEqualTo(2000L * (16 + 16 * 8));
    assertThat(row.getAsJsonArray("bytes")).hasSize(2);
    JsonObject diff = answer("diff", "-f", "json", "-n", "100000", after, before);
    assertThat(diff.toString()).contains("\"instances\":-2000");
  }
}
