package leaksafe.lint;

/** A line of the code that was read. {@code line} is -1 if the class file has no line numbers. */
public record Site(String method, String file, int line) implements Comparable<Site> {

  @Override
  public int compareTo(Site other) {
    int byMethod = method.compareTo(other.method);
    return byMethod != 0 ? byMethod : Integer.compare(line, other.line);
  }

  @Override
  public String toString() {
    return method + "(" + file + (line < 0 ? "" : ":" + line) + ")";
  }
}
