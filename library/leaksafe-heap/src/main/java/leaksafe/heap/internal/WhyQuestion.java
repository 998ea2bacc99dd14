package leaksafe.heap.internal;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import leaksafe.heap.HeapDumpException;
import leaksafe.heap.Report;
import org.jspecify.annotations.Nullable;

/** What holds an object or the instances of a class: shortest paths from the roots, merged to a tree. */
final class WhyQuestion {
  private static final int MOST_VISITED = 4_000_000;
  private static final int SIMILAR = 5;
  private static final String BEFORE_ID = "@0x";
  private static final Set<String> PASSING = Stream.of(Roots.JAVA_FRAME, Roots.JNI_LOCAL, Roots.NATIVE_STACK, Roots.MONITOR, Roots.THREAD_BLOCK)
      .map(kind -> "<" + Roots.name(kind) + ">").collect(Collectors.toUnmodifiableSet());

  private final HeapGraph graph;
  private final PathWalk walk;
  private final int most;
  private final BitSet blocked;

  /** Asks with paths that do not lead through the blocked objects. */
  WhyQuestion(HeapGraph graph, PathWalk walk, int most, BitSet blocked) {
    this.blocked = blocked;
    this.graph = graph;
    this.walk = walk;
    this.most = most;
  }

  List<Report.Section> sections(String target) throws HeapDumpException {
    if (isId(target)) {
      return List.of(object(objectWithId(target)));
    }
    if (target.startsWith("class:")) {
      List<Report.Section> trees = new ArrayList<>();
      for (ClassInfo info : classesNamed(target.substring(6))) {
        if (info.ordinal != 0) {
          trees.add(object(info.ordinal));
        }
      }
      return trees;
    }
    return List.of(instances(classesNamed(target)));
  }

  /** Whether the answer needs a walk that keeps the parents of objects: for the path to one. */
  static boolean needsParents(String target) {
    return isId(target) || target.startsWith("class:");
  }

  /** Whether an object is meant: by its id alone, or as reports write it, with its class before. */
  private static boolean isId(String target) {
    return target.startsWith("0x") || target.contains(BEFORE_ID);
  }

  private int objectWithId(String target) {
    String id = target.substring(target.indexOf(BEFORE_ID) + 1);
    int object = 0;
    try {
      object = graph.index.ordinal(Long.parseUnsignedLong(id.substring(2), 16));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("an object's id is 0x and hexadecimal digits, but was " + id, e);
    }
    if (object == 0) {
      throw Analysis.noSuch("the dump has no object with the id " + id + "; the reports of this dump have ids that it has, behind @");
    }
    return object;
  }

  /** Returns the classes of that name, in Java's form or in that of class files. */
  private List<ClassInfo> classesNamed(String name) {
    List<ClassInfo> found = classesCalled(name);
    if (found.isEmpty()) {
      found = classesCalled(Types.readable(name));
    }
    if (found.isEmpty()) {
      found = classesInSource(name);
    }
    if (found.isEmpty()) {
      List<String> similar = similar(name);
      boolean isNumber = name.matches("[0-9a-fA-F]{2,16}");
      throw Analysis.noSuch("the dump has no class " + (name.isBlank() ? "without a name" : name)
          + (isNumber ? "; an object's id begins with 0x" : similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar) + "?"));
    }
    return found;
  }

  private List<ClassInfo> classesCalled(String name) {
    List<ClassInfo> found = new ArrayList<>();
    for (int i = 1; i < graph.classes.size(); i++) {
      ClassInfo info = graph.classes.at(i);
      if (info.name.equals(name) || info.stableName.equals(name)) {
        found.add(info);
      }
    }
    return found;
  }

  /** Returns nested classes by their names in source, which have dots where those of the VM have dollars. */
  private List<ClassInfo> classesInSource(String name) {
    List<ClassInfo> found = new ArrayList<>();
    for (int i = 1; i < graph.classes.size(); i++) {
      ClassInfo info = graph.classes.at(i);
      if (info.name.length() == name.length() && info.name.replace('$', '.').equals(name)) {
        found.add(info);
      }
    }
    return found;
  }

  /** Returns names like the given one: first those that only lack the package, then those that begin so, then those that have it somewhere. */
  private List<String> similar(String name) {
    String wanted = ClassInfo.simple(Types.readable(name)).toLowerCase(Locale.ROOT);
    List<Set<String>> ranks = List.of(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    for (int i = 1; i < graph.classes.size() && !wanted.isBlank(); i++) {
      ClassInfo info = graph.classes.at(i);
      String simple = info.simpleName().toLowerCase(Locale.ROOT);
      if (simple.contains(wanted)) {
        ranks.get(simple.equals(wanted) ? 0 : simple.startsWith(wanted) ? 1 : 2).add(info.stableName);
      }
    }
    return ranks.stream().flatMap(Set::stream).limit(SIMILAR).toList();
  }

  /** All instances of the classes, by structural path. */
  private Report.Tree instances(List<ClassInfo> classes) {
    BitSet wanted = new BitSet();
    classes.forEach(info -> wanted.set(info.index));
    int canonical = classes.get(0).canonical;
    Map<Integer, long[]> byNode = areAll(classes) ? byTree(canonical) : byObject(wanted);
    long unreachable = 0;
    for (long o = 1; o <= graph.count; o++) {
      int index = graph.classOf((int) o);
      if (index > 0 && wanted.get(index)) {
        unreachable++;
      }
    }
    for (long[] sum : byNode.values()) {
      unreachable -= sum[0];
    }
    Merged root = new Merged("");
    byNode.entrySet().stream().sorted((a, b) -> Long.compare(b.getValue()[0], a.getValue()[0])).limit(most).forEach(entry -> {
      List<String> steps = new ArrayList<>();
      for (int node = entry.getKey(); node != 0; node = walk.tree.parent(node)) {
        steps.add(0, stepText(walk.tree.label(node), walk.tree.type(node), walk.tree.isClassObject(node)));
      }
      root.add(steps, entry.getValue()[0], entry.getValue()[1]);
    });
    String name = classes.get(0).name;
    String title = "Paths to the instances of " + name + (unreachable > 0 ? " (" + Sizes.count(unreachable) + " more are unreachable)"
        : byNode.isEmpty() ? ": there are none, those of subclasses apart; class:" + name + " is the class itself" : "");
    return new Report.Tree(title, root.children(), false);
  }

  /** Whether no class of the same stable name is missing among the classes, so that the tree has counted their instances already. */
  private boolean areAll(List<ClassInfo> classes) {
    int canonical = classes.get(0).canonical;
    int all = 0;
    for (int i = 1; i < graph.classes.size(); i++) {
      all += graph.classes.at(i).canonical == canonical ? 1 : 0;
    }
    return all == classes.size();
  }

  /** Instances and their bytes by node, as the tree has counted them. */
  private Map<Integer, long[]> byTree(int canonical) {
    Map<Integer, long[]> byNode = new LinkedHashMap<>();
    for (int node = 1; node < walk.tree.size(); node++) {
      if (walk.tree.isOf(node, canonical)) {
        byNode.put(node, new long[] {walk.tree.count(node), walk.tree.bytes(node)});
      }
    }
    return byNode;
  }

  /** Instances and their bytes by node, counted one by one. */
  private Map<Integer, long[]> byObject(BitSet wanted) {
    Map<Integer, long[]> byNode = new LinkedHashMap<>();
    for (long o = 1; o <= graph.count; o++) {
      int index = graph.classOf((int) o);
      if (index > 0 && wanted.get(index) && walk.isReachable((int) o)) {
        long[] sum = byNode.computeIfAbsent(walk.node((int) o), n -> new long[2]);
        sum[0]++;
        sum[1] += graph.size((int) o);
      }
    }
    return byNode;
  }

  /** Several paths to one object: a search backwards that visits each object once, so that the paths part as early as they can. */
  Report.Tree object(int target) throws HeapDumpException {
    String title = "Paths to " + graph.describe(target);
    if (!walk.isReachable(target)) {
      return new Report.Tree(title + ": unreachable, it waits for the collector", List.of(), false);
    }
    Merged root = new Merged("");
    List<List<Integer>> paths = new ArrayList<>();
    if (most > 1) {
      paths.addAll(backwards(target));
    }
    if (paths.isEmpty()) {
      paths.add(walk.pathTo(target));
    }
    for (List<Integer> path : paths) {
      List<String> texts = new ArrayList<>();
      for (Step step : PathWalk.steps(graph, path, walk.rootLabel(path.get(0)))) {
        texts.add(stepText(step.label(), step.type(), step.classObject()));
      }
      root.add(texts, 1, 0);
    }
    return new Report.Tree(title, root.children(), false);
  }

  private List<List<Integer>> backwards(int target) throws HeapDumpException {
    ReferrerTable referrers = new ReferrerTable(graph, walk);
    Map<Integer, Integer> towards = new HashMap<>();
    LongQueue queue = new LongQueue(graph.file.budget);
    List<List<Integer>> paths = new ArrayList<>();
    towards.put(target, 0);
    queue.add(target);
    for (int object = (int) queue.poll(); object != 0 && paths.size() < most && towards.size() < MOST_VISITED; object = (int) queue.poll()) {
      if (walk.isRoot(object)) {
        List<Integer> path = new ArrayList<>();
        for (int at = object; at != 0; at = towards.getOrDefault(at, 0)) {
          path.add(at);
        }
        paths.add(path);
        if (!isPassing(walk.rootLabel(object))) {
          continue;
        }
      }
      for (int place = referrers.first(object); place != referrers.first(object + 1); place++) {
        int source = referrers.source(place);
        if (!(source > 0 && blocked.get(source)) && towards.putIfAbsent(source, object) == null) {
          queue.add(source);
        }
      }
    }
    queue.release();
    referrers.release();
    return paths;
  }

  /** Whether a root lasts only as long as a call: what else holds the object is more telling then. */
  private static boolean isPassing(String rootLabel) {
    return PASSING.contains(rootLabel);
  }

  private static String stepText(String label, String type, boolean classObject) {
    return (label.equals(Step.CLASS_ROOT) ? "" : label + ": ") + (classObject ? "class " : "") + type;
  }

  /** A tree under construction, children in the order of their coming. */
  static final class Merged {
    private final String label;
    private final Map<String, Merged> children = new LinkedHashMap<>();
    private long count;
    private long bytes;

    Merged(String label) {
      this.label = label;
    }

    void add(List<String> steps, long count, long bytes) {
      Merged at = this;
      for (String step : steps) {
        @Nullable Merged child = at.children.get(step);
        if (child == null) {
          child = new Merged(step);
          at.children.put(step, child);
        }
        child.count += count;
        child.bytes += bytes;
        at = child;
      }
    }

    List<Report.Node> children() {
      return children.values().stream().map(child -> new Report.Node(child.label, child.count, child.bytes, child.children())).toList();
    }
  }
}
