package leaksafe.heap;

import java.util.List;
import java.util.Objects;
import leaksafe.heap.internal.DotText;
import leaksafe.heap.internal.HtmlText;
import leaksafe.heap.internal.JsonText;
import leaksafe.heap.internal.PlainText;

/**
 * An answer, ready to be shown: as text, JSON, DOT or one self-contained HTML page. Immutable.
 *
 * @param title what was asked of which dump
 * @param notes sentences about the dump as a whole, what is missing in a damaged one among them
 * @param sections tables and trees, most important first
 */
public record Report(String title, List<String> notes, List<Section> sections) {
  /** What a column holds. */
  public enum Unit {
    /** Words. */
    TEXT,
    /** A number of things. */
    COUNT,
    /** A number of bytes. */
    BYTES,
    /** One number per dump, in the order of the dumps. */
    SERIES
  }

  /**
   * A column.
   *
   * @param name its head, a key in JSON
   * @param unit what it holds
   */
  public record Column(String name, Unit unit) {}

  /**
   * A tree's node.
   *
   * @param label what it is
   * @param count how many objects it stands for
   * @param bytes what they hold
   * @param children the nodes below
   */
  public record Node(String label, long count, long bytes, List<Node> children) {
    /** Copies the list. */
    public Node {
      children = List.copyOf(children);
    }
  }

  /** A part of a report. */
  public sealed interface Section permits Table, Tree {
    /** Returns what the part is about. */
    String title();
  }

  /**
   * A table.
   *
   * @param title what it is about
   * @param columns its columns
   * @param rows its rows; a cell is a String, Long or List of Long as its column says
   */
  public record Table(String title, List<Column> columns, List<List<Object>> rows) implements Section {
    /** Copies the lists. */
    public Table {
      columns = List.copyOf(columns);
      rows = rows.stream().map(List::copyOf).toList();
    }
  }

  /**
   * A tree.
   *
   * @param title what it is about
   * @param roots its topmost nodes
   * @param map whether the nodes' bytes are parts of their parents' bytes, so that they can be drawn as a treemap
   */
  public record Tree(String title, List<Node> roots, boolean map) implements Section {
    /** Copies the list. */
    public Tree {
      roots = List.copyOf(roots);
    }
  }

  /** Copies the lists. */
  public Report {
    Objects.requireNonNull(title, "title");
    notes = List.copyOf(notes);
    sections = List.copyOf(sections);
  }

  /** Returns the report as lines that a person would write. */
  public String toText() {
    return PlainText.of(this);
  }

  /** Returns the report as one JSON object: numbers are plain, bytes and counts alike. */
  public String toJson() {
    return JsonText.of(this);
  }

  /** Returns the trees of the report, or paths of its tables, as a graph in the language of Graphviz. */
  public String toDot() {
    return DotText.of(this);
  }

  /** Returns the report as one page that loads nothing from elsewhere. */
  public String toHtml() {
    return HtmlText.of(this);
  }
}
