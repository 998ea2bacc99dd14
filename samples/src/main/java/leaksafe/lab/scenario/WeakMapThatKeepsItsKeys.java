package leaksafe.lab.scenario;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import leaksafe.lab.Scenario;
import leaksafe.lab.input.ClassFile;
import leaksafe.lab.run.Stage;
import leaksafe.registry.Attachable;
import leaksafe.registry.Attachments;
import leaksafe.registry.WeakRegistry;

/** Each unit's analysis is kept in a weak map, and refers to the unit. */
public final class WeakMapThatKeepsItsKeys implements Scenario {

  private static final class AdHoc {
    // @start region="ad-hoc"
    record Analysis(Unit unit, int references) {}

    static final class Unit {
      final ClassFile file;

      Unit(ClassFile file) {
        this.file = file;
      }
    }

    // weak keys, but each value holds its key
    static final Map<Unit, Analysis> ANALYSES = Collections.synchronizedMap(new WeakHashMap<>());

    static Analysis analysis(Unit unit) {
      return ANALYSES.computeIfAbsent(unit, u -> new Analysis(u, u.file.referencedClasses().size()));
    }
    // @end
  }

  private static final class Ours {
    // @start region="leaksafe"
    record Analysis(Unit unit, int references) {}

    static final class Unit implements Attachable {
      final ClassFile file;
      private final Attachments attachments = new Attachments(); // a place for values about this unit

      Unit(ClassFile file) {
        this.file = file;
      }

      @Override
      public Attachments attachments() {
        return attachments;
      }
    }

    static final WeakRegistry<Unit, Analysis> ANALYSES = WeakRegistry.<Unit, Analysis>builder().name("analyses").build();

    static Analysis analysis(Unit unit) {
      return ANALYSES.computeIfAbsent(unit, u -> new Analysis(u, u.file.referencedClasses().size()));
    }
    // @end
  }

  @Override
  public String name() {
    return "weak-map";
  }

  @Override
  public String title() {
    return "A weak map whose values reach their keys";
  }

  @Override
  public String summary() {
    return "A WeakHashMap has the analysis of each unit; the analysis refers to its unit, so no entry ever goes.";
  }

  @Override
  public String culprit() {
    return AdHoc.Analysis.class.getName();
  }

  @Override
  public void adHoc(Stage stage) throws Exception {
    stage.forEachClass(input -> AdHoc.analysis(new AdHoc.Unit(input.parse())));
  }

  @Override
  public void leaksafe(Stage stage) throws Exception {
    stage.forEachClass(input -> Ours.analysis(new Ours.Unit(input.parse())));
  }
}
