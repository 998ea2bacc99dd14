package leaksafe.lab.scenario;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import leaksafe.lab.Scenario;
import leaksafe.lab.input.ClassFile;
import leaksafe.lab.input.JdkClass;
import leaksafe.lab.run.Stage;
import leaksafe.memo.InstanceMemo;
import leaksafe.memo.Memo;

/** A method of short-lived objects remembers its results in a static map, whose keys have the objects. */
public final class MethodsThatPinTheirInstances implements Scenario {

  private static final class AdHoc {
    // @start region="ad-hoc"
    record Call(Unit unit, String module) {}

    static final Map<Call, Integer> COUNTS = new ConcurrentHashMap<>(); // as lru_cache on a method: the key has the unit

    static final class Unit {
      final ClassFile file;

      Unit(ClassFile file) {
        this.file = file;
      }

      int references(String prefix) {
        return COUNTS.computeIfAbsent(new Call(this, prefix), call -> count(file, prefix));
      }
    }
    // @end
  }

  private static final class Ours {
    // @start region="leaksafe"
    static final InstanceMemo<Unit, String, Integer> COUNTS =
        Memo.perInstance((unit, prefix) -> count(unit.file, prefix)); // goes with the unit

    static final class Unit {
      final ClassFile file;

      Unit(ClassFile file) {
        this.file = file;
      }

      int references(String prefix) {
        return COUNTS.apply(this, prefix);
      }
    }
    // @end
  }

  static int count(ClassFile file, String prefix) {
    return (int) file.referencedClasses().stream().filter(name -> name.startsWith(prefix)).count();
  }

  @Override
  public String name() {
    return "pinned-instance";
  }

  @Override
  public String title() {
    return "Memoized methods that keep their objects";
  }

  @Override
  public String summary() {
    return "A method remembers its results in a static map, and each key holds the object that the method belongs to.";
  }

  @Override
  public String culprit() {
    return AdHoc.Unit.class.getName();
  }

  @Override
  public void adHoc(Stage stage) throws Exception {
    stage.forEachClass(input -> ask(new AdHoc.Unit(input.parse()), input));
  }

  private static int ask(AdHoc.Unit unit, JdkClass input) {
    return unit.references("java/") + unit.references(input.module());
  }

  @Override
  public void leaksafe(Stage stage) throws Exception {
    stage.forEachClass(input -> ask(new Ours.Unit(input.parse()), input));
  }

  private static int ask(Ours.Unit unit, JdkClass input) {
    return unit.references("java/") + unit.references(input.module());
  }
}
