package leaksafe.heap.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import leaksafe.heap.HeapDumpException;
import leaksafe.heap.HeapOptions;
import leaksafe.heap.Report;
import org.jspecify.annotations.Nullable;

/** One dump under analysis: reads what the questions need, once. */
public final class Analysis {
  private final Path file;
  private final HeapOptions options;
  private @Nullable HeapGraph graph;
  private @Nullable PathWalk walk;
  private @Nullable PathWalk nodeWalk;

  /** Makes an analysis that has read nothing yet. */
  public Analysis(Path file, HeapOptions options) {
    this.file = file;
    this.options = options;
  }

  /** Refuses what is no file that can be read. */
  public static void checkReadable(Path file) throws HeapDumpException {
    DumpFile.checkReadable(file);
  }

  private HeapGraph graph() throws IOException {
    HeapGraph known = graph;
    if (known == null) {
      known = GraphBuilder.read(file, options);
      graph = known;
    }
    return known;
  }

  private PathWalk walk() throws IOException {
    PathWalk known = walk;
    if (known == null) {
      known = new PathWalk(graph(), new BitSet());
      walk = known;
    }
    return known;
  }

  /** Returns a walk of which nobody asks whence it came to an object. */
  private PathWalk nodeWalk() throws IOException {
    PathWalk known = walk != null ? walk : nodeWalk;
    if (known == null) {
      known = PathWalk.nodesOf(graph());
      nodeWalk = known;
    }
    return known;
  }

  private String title(String question) {
    return question + " " + file.getFileName();
  }

  private Report report(String question, List<String> more, List<? extends Report.Section> sections) throws IOException {
    HeapGraph heap = graph();
    List<String> notes = new ArrayList<>(heap.file.problems.list());
    notes.add(Sizes.count(heap.count) + " objects, " + Sizes.count(heap.classes.size()) + " classes, " + heap.layout + ".");
    notes.addAll(more);
    return new Report(title(question), notes, List.copyOf(sections));
  }

  /** Forgets what was read: after a question that failed nobody knows how much of the budget its tables had. */
  public void forget() {
    graph = null;
    walk = null;
    nodeWalk = null;
  }

  /** Returns when the dump was made, in milliseconds since 1970. */
  public long millis() throws IOException {
    return graph().file.time;
  }

  /** Returns the structural paths. */
  public PathTable summary() throws IOException {
    return Summaries.of(graph(), nodeWalk());
  }

  /** Answers {@code histogram}. */
  public Report histogram(int top) throws IOException {
    return report("Classes of", List.of(), List.of(Histogram.of(graph()).table(top)));
  }

  /** Answers {@code diff}. */
  public static Report diff(Analysis older, Analysis newer, int top) throws IOException {
    Histogram first = Histogram.of(older.graph());
    List<String> notes = new ArrayList<>(older.graph().file.problems.list());
    older.graph = null;
    Report.Table table = Histogram.of(newer.graph()).difference(first, top);
    notes.addAll(newer.graph().file.problems.list());
    return new Report("Classes from " + older.file.getFileName() + " to " + newer.file.getFileName(), notes, List.of(table));
  }

  /** Answers {@code why}. */
  public Report why(String target, int most) throws IOException {
    PathWalk paths = WhyQuestion.needsParents(target) ? walk() : nodeWalk();
    WhyQuestion question = new WhyQuestion(graph(), paths, most, new BitSet());
    return report("Why " + target + " stays in", List.of(), question.sections(target));
  }

  /** Answers why the object that hangs on {@link Marked} stays, with so many paths at most, not through the mark. */
  public Report whyMarked(int paths) throws IOException {
    HeapGraph heap = graph();
    checkPositive(heap);
    Mark mark = mark();
    BitSet blocked = new BitSet();
    blocked.set(mark.holder);
    PathWalk withoutMark = new PathWalk(heap, blocked);
    Report.Tree tree = new WhyQuestion(heap, withoutMark, paths, blocked).object(mark.target);
    return report("Why an object of " + heap.typeOf(mark.target).name + " stays in", List.of(), List.of(tree));
  }

  /** Answers which of the weak references in the array that hangs on {@link Marked} keep their own referents; the array does not count. */
  public BitSet selfKeepingMarked() throws IOException {
    HeapGraph heap = graph();
    checkPositive(heap);
    Mark mark = mark();
    BitSet blocked = new BitSet();
    blocked.set(mark.holder);
    blocked.set(mark.target);
    BitSet keepers = new BitSet();
    Arrays.stream(new EphemeronWalk(heap, PathWalk.rootsOf(heap), blocked).keepers()).forEach(keepers::set);
    HeapGraph.Cursor cursor = new HeapGraph.Cursor();
    heap.open(mark.target, cursor);
    BitSet places = new BitSet();
    for (int i = cursor.from; i < cursor.to; i++) {
      if (keepers.get(cursor.targets[i])) {
        places.set(i - cursor.from);
      }
    }
    return places;
  }

  /** The class that an object hangs on, and the object. */
  private record Mark(int holder, int target) {}

  private Mark mark() throws IOException {
    HeapGraph heap = graph();
    ClassInfo mark = heap.classes.named(Marked.CLASS);
    int target = 0;
    for (int i = 0; mark != null && i < mark.staticTargets.length; i++) {
      if (heap.classes.labels.text(mark.staticLabels[i]).equals(Marked.FIELD)) {
        target = heap.index.ordinal(mark.staticTargets[i]);
      }
    }
    if (mark == null || mark.ordinal == 0 || target == 0) {
      throw new HeapDumpException("the dump has no marked object", -1);
    }
    return new Mark(mark.ordinal, target);
  }

  /** Answers {@code retained}. */
  public Report retained(int top) throws IOException {
    HeapGraph heap = graph();
    List<Integer> seeds = PathWalk.rootsOf(heap);
    Dominators[] dominators = new Dominators[1];
    // The two need nothing of each other.
    Workers.Work search = part -> {
      if (part == 0) {
        nodeWalk();
      } else {
        dominators[0] = new Dominators(heap, seeds);
      }
    };
    if (options.parallelism() > 1) {
      Workers.run(2, search);
    } else {
      search.run(0);
      search.run(1);
    }
    PathWalk paths = nodeWalk();
    List<Report.Section> sections = new RetainedQuestion(heap, paths, dominators[0]).sections(top);
    dominators[0].release();
    return report("What holds most in", List.of(Sizes.text(paths.reachedBytes()) + " are reachable."), sections);
  }

  /** Answers {@code loaders}. */
  public Report loaders(int top) throws IOException {
    LoadersQuestion question = new LoadersQuestion(graph(), walk());
    return report("Class loaders of", List.of(), question.sections(top));
  }

  /** Answers {@code ephemerons}. */
  public Report ephemerons(int top) throws IOException {
    EphemeronsQuestion question = new EphemeronsQuestion(graph(), walk());
    return report("Weak entries that never go in", List.of(), question.sections(top));
  }

  /** Answers {@code containers}. */
  public Report containers(int top) throws IOException {
    return new Census(file, options).report(title("Containers of"), top);
  }

  /** Answers {@code strings}. */
  public Report strings(int top) throws IOException {
    return report("Strings of", List.of(), new StringsQuestion(graph()).sections(top));
  }

  /** Answers {@code threads}. */
  public Report threads(int top) throws IOException {
    return report("Threads of", List.of(), new ThreadsQuestion(graph(), walk()).sections(top));
  }

  static IllegalArgumentException noSuch(String message) {
    return new IllegalArgumentException(message);
  }

  /** Says that an object number does not fit a positive int, where a bit set needs one. */
  static void checkPositive(HeapGraph graph) throws HeapDumpException {
    if (graph.count > Integer.MAX_VALUE) {
      throw new HeapDumpException("this question can be asked of up to 2147483647 objects, the dump has " + graph.count, -1);
    }
  }
}
