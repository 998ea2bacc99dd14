package leaksafe.lab.scenario;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import leaksafe.cache.Cache;
import leaksafe.lab.Scenario;
import leaksafe.lab.input.ClassFile;
import leaksafe.lab.run.Stage;

/** Parsed classes are kept by name, for ever. */
public final class StaticMapThatOnlyGrows implements Scenario {

  private static final class AdHoc {
    // @start region="ad-hoc"
    static final Map<String, ClassFile> PARSED = new ConcurrentHashMap<>();
    // @end
  }

  private static final class Ours {
    // @start region="leaksafe"
    static final Cache<String, ClassFile> PARSED = Cache.<String, ClassFile>builder()
        .name("parsed classes")
        .maximumSize(200)
        .build();
    // @end
  }

  @Override
  public String name() {
    return "static-map";
  }

  @Override
  public String title() {
    return "A static map that only grows";
  }

  @Override
  public String summary() {
    return "A static map remembers every parsed class by name; nothing is ever removed.";
  }

  @Override
  public String culprit() {
    return ClassFile.class.getName();
  }

  @Override
  public void adHoc(Stage stage) throws Exception {
    stage.forEachClass(input -> AdHoc.PARSED.computeIfAbsent(input.id(), id -> input.parse()));
  }

  @Override
  public void leaksafe(Stage stage) throws Exception {
    stage.forEachClass(input -> Ours.PARSED.get(input.id(), id -> input.parse()));
  }
}
