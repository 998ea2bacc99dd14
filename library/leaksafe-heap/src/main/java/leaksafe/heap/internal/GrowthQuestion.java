package leaksafe.heap.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import leaksafe.heap.GrownPath;
import leaksafe.heap.Growth;
import leaksafe.heap.HeapSummary;

/** Finds the paths that grew over several heaps. A path is known again by a 64-bit hash of its fields and class names. */
public final class GrowthQuestion {
  private static final int BY_COUNT = 1;
  private static final int BY_LENGTH = 2;
  private static final int NEW_FACTOR = 16;

  private final List<PathTable> heaps;
  private final PathTable last;
  private final long minimumBytes;
  /** For each heap but the last, its node for each node of the last, or 0. */
  private final int[][] nodes;
  private final byte[] grown;

  private GrowthQuestion(List<PathTable> heaps, long minimumBytes) {
    this.heaps = heaps;
    this.minimumBytes = minimumBytes;
    last = heaps.get(heaps.size() - 1);
    long[] keys = keys(last);
    nodes = new int[heaps.size() - 1][];
    for (int i = 0; i < nodes.length; i++) {
      long[] theirs = keys(heaps.get(i));
      IdMap places = new IdMap();
      for (int n = 1; n < theirs.length; n++) {
        places.putIfAbsent(theirs[n], n);
      }
      nodes[i] = new int[keys.length];
      for (int n = 1; n < keys.length; n++) {
        nodes[i][n] = Math.max(0, places.get(keys[n]));
      }
    }
    grown = new byte[keys.length];
  }

  /** Compares heaps, oldest first. */
  public static Growth between(List<PathTable> heaps, long minimumBytes) {
    return new GrowthQuestion(heaps, minimumBytes).answer();
  }

  private static long[] keys(PathTable heap) {
    long[] hashes = heap.texts.stream().mapToLong(GrowthQuestion::hash).toArray();
    long[] keys = new long[heap.parents.length];
    for (int i = 1; i < keys.length; i++) {
      long step = hashes[heap.labels[i]] * 0x9E3779B97F4A7C15L ^ hashes[heap.types[i]] + (heap.classObjects[i] ? 1 : 0);
      keys[i] = mix(mix(keys[heap.parents[i]]) + step);
    }
    return keys;
  }

  private static long hash(String text) {
    long hash = text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = mix(hash * 31 + text.charAt(i));
    }
    return hash;
  }

  private static long mix(long value) {
    long mixed = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
    return mixed ^ mixed >>> 31;
  }

  private long count(int heap, int node) {
    return heap == nodes.length ? last.counts[node] : heaps.get(heap).counts[nodes[heap][node]];
  }

  private long ownBytes(int heap, int node) {
    return heap == nodes.length ? last.ownBytes[node] : heaps.get(heap).ownBytes[nodes[heap][node]];
  }

  private long bytes(int heap, int node) {
    if (heap == nodes.length) {
      return last.bytes[node];
    }
    return nodes[heap][node] == 0 ? 0 : heaps.get(heap).bytes[nodes[heap][node]];
  }

  private Growth answer() {
    boolean[] ours = ours();
    for (int node = 1; node < grown.length; node++) {
      if (!ours[node] && bytes(nodes.length, node) - bytes(0, node) >= threshold(node) && bytesRoseAtLast(node)) {
        grown[node] = countRose(node) ? (byte) BY_COUNT : lengthRose(node) ? (byte) BY_LENGTH : 0;
      }
    }
    // A table that became longer since there is more in it is no news.
    for (int node = grown.length - 1; node > 0; node--) {
      if (grown[node] == BY_COUNT) {
        for (int above = last.parents[node]; above != 0; above = last.parents[above]) {
          if (grown[above] == BY_LENGTH) {
            grown[above] = 0;
          }
        }
      }
    }
    List<GrownPath> paths = new ArrayList<>();
    for (int node = 1; node < grown.length; node++) {
      if (grown[node] != 0 && !isExplained(node)) {
        paths.add(path(node));
      }
    }
    paths.sort(Comparator.comparingLong(GrownPath::grownBytes).reversed().thenComparing(GrownPath::path));
    List<String> notes = new ArrayList<>();
    heaps.forEach(heap -> heap.notes().forEach(note -> notes.add(heap.name() + ": " + note)));
    return new Growth(heaps.stream().map(PathTable::name).toList(), paths, heaps.stream().map(PathTable::bytes).toList(), notes);
  }

  /** Returns which paths lead through summaries of heaps: those that a program keeps to compare them must not be what grew in it. */
  private boolean[] ours() {
    boolean[] ours = new boolean[grown.length];
    for (int node = 1; node < ours.length; node++) {
      ours[node] = ours[last.parents[node]] || last.texts.get(last.types[node]).equals(HeapSummary.class.getName()) && !last.classObjects[node];
    }
    return ours;
  }

  /** Classes that were loaded late bring their caches with them: what hangs from them must have grown more. */
  private long threshold(int node) {
    int root = node;
    while (last.parents[root] != 0) {
      root = last.parents[root];
    }
    return count(0, root) > 0 ? minimumBytes : minimumBytes * NEW_FACTOR;
  }

  private boolean bytesRoseAtLast(int node) {
    return bytes(nodes.length, node) > bytes(nodes.length - 1, node);
  }

  private boolean countRose(int node) {
    for (int i = 1; i <= nodes.length; i++) {
      if (count(i, node) <= count(i - 1, node)) {
        return false;
      }
    }
    return true;
  }

  /** Arrays grow by doubling, so their length may stand still between two heaps. */
  private boolean lengthRose(int node) {
    for (int i = 1; i <= nodes.length; i++) {
      if (ownBytes(i, node) < ownBytes(i - 1, node) || count(i, node) < count(i - 1, node)) {
        return false;
      }
    }
    return ownGrowth(node) >= Math.max(1, minimumBytes);
  }

  /** Whether a path above grew in the same way and by at least half as much: a small one must not hide a large one. */
  private boolean isExplained(int node) {
    for (int above = last.parents[node]; above != 0; above = last.parents[above]) {
      if (grown[above] == BY_COUNT && countGrowth(above) * 2 >= countGrowth(node)
          || grown[above] == BY_LENGTH && grown[node] == BY_LENGTH && ownGrowth(above) * 2 >= ownGrowth(node)) {
        return true;
      }
    }
    return false;
  }

  private long countGrowth(int node) {
    return count(nodes.length, node) - count(0, node);
  }

  private long ownGrowth(int node) {
    return ownBytes(nodes.length, node) - ownBytes(0, node);
  }

  private GrownPath path(int node) {
    List<Step> steps = new ArrayList<>();
    for (int at = node; at != 0; at = last.parents[at]) {
      steps.add(new Step(last.texts.get(last.labels[at]), last.texts.get(last.types[at]), last.classObjects[at]));
    }
    Collections.reverse(steps);
    Long[] counts = new Long[heaps.size()];
    Long[] bytes = new Long[heaps.size()];
    Arrays.setAll(counts, i -> count(i, node));
    Arrays.setAll(bytes, i -> bytes(i, node));
    return new GrownPath(Step.text(steps), List.of(counts), List.of(bytes));
  }
}
