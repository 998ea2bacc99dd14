package leaksafe.junit.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import leaksafe.heap.HeapInspector;
import leaksafe.heap.Report;

/** What holds one object, as lines. */
public final class Chains {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private Chains() {}

  /** Makes an inspector of this VM's heap. */
  static HeapInspector inspector() {
    return new HeapInspector(Path.of(System.getProperty("java.io.tmpdir")), TIMEOUT);
  }

  /** Returns the paths from roots to the object, one step a line; a sentence if they cannot be found. */
  public static String to(Object object) throws InterruptedException {
    try {
      StringBuilder text = new StringBuilder();
      for (Report.Section section : inspector().why(object).sections()) {
        if (section instanceof Report.Tree tree) {
          List<Report.Node> roots = tree.roots();
          boolean onlyPassing = roots.stream().allMatch(Chains::isFrame);
          roots.stream().filter(root -> onlyPassing || !isFrame(root)).forEach(root -> write(text, root, "  "));
        }
      }
      return text.isEmpty() ? "  (no path: it was let go while the heap was dumped)\n" : text.toString();
    } catch (IOException e) {
      return "  (the heap could not be inspected: " + e.getMessage() + ")\n";
    }
  }

  /** The frames of whoever asks hold the object too, which explains nothing as long as something else does. */
  private static boolean isFrame(Report.Node root) {
    return root.label().startsWith("<stack frame>") || root.label().startsWith("<JNI local>");
  }

  private static void write(StringBuilder text, Report.Node node, String indent) {
    text.append(indent).append(node.label()).append('\n');
    for (Report.Node child : node.children()) {
      write(text, child, indent.isBlank() ? indent + "-> " : "   " + indent);
    }
  }
}
