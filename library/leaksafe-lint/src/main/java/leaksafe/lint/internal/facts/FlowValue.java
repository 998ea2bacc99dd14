package leaksafe.lint.internal.facts;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.analysis.Value;

/** An abstract value: its size in slots, where it can have come from, its static type if it is an object of a known class. */
final class FlowValue implements Value {
  static final int[] UNKNOWN = {0};
  static final FlowValue ONE = new FlowValue(1, UNKNOWN, null);
  static final FlowValue TWO = new FlowValue(2, UNKNOWN, null);

  /** More origins than this are given up as unknown: no value worth reporting has so many. */
  private static final int MOST_ORIGINS = 24;

  final int size;
  /** Positions in the method's table of origins, ascending. */
  final int[] origins;
  final @Nullable String type;

  FlowValue(int size, int[] origins, @Nullable String type) {
    this.size = size;
    this.origins = origins;
    this.type = type;
  }

  @Override
  public int getSize() {
    return size;
  }

  FlowValue typed(String newType) {
    return newType.equals(type) ? this : new FlowValue(size, origins, newType);
  }

  FlowValue merge(FlowValue other) {
    if (this == other || equals(other)) {
      return this;
    }
    if (size != other.size) {
      return ONE;
    }
    String common = Objects.equals(type, other.type) ? type : null;
    int[] all = union(origins, other.origins);
    return all.length > MOST_ORIGINS ? new FlowValue(size, UNKNOWN, common) : new FlowValue(size, all, common);
  }

  static int[] union(int[] a, int[] b) {
    if (Arrays.equals(a, b)) {
      return a;
    }
    int[] merged = new int[a.length + b.length];
    int n = 0;
    for (int i = 0, j = 0; i < a.length || j < b.length; ) {
      int next = j == b.length || i < a.length && a[i] <= b[j] ? a[i] : b[j];
      if (i < a.length && a[i] == next) {
        i++;
      }
      if (j < b.length && b[j] == next) {
        j++;
      }
      merged[n++] = next;
    }
    return n == merged.length ? merged : Arrays.copyOf(merged, n);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FlowValue that && size == that.size && Arrays.equals(origins, that.origins)
        && Objects.equals(type, that.type);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(origins) * 31 + size;
  }
}
