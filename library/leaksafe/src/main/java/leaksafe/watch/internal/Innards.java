package leaksafe.watch.internal;

import java.util.Map;

/** The tables and nodes inside the JDK's collections, which are closed to us, estimated from how many elements there are. */
final class Innards {
  private static final int HASH_TABLE = 1;
  private static final int ARRAY = 2;

  /**
   * What a collection is made of.
   *
   * @param node the class of the node that there is for each element, or empty
   * @param table {@value #HASH_TABLE} for a power of two with at most three quarters full, {@value #ARRAY} for an array, 0 for none
   * @param each how many places of the array there are for each element
   * @param inner the class of one more object, such as the map in a set, or empty
   */
  private record Parts(String node, int table, int each, String inner) {}

  private static final Map<String, Parts> PARTS = Map.ofEntries(
      Map.entry("java.util.ArrayList", new Parts("", ARRAY, 1, "")),
      Map.entry("java.util.ArrayDeque", new Parts("", ARRAY, 1, "")),
      Map.entry("java.util.PriorityQueue", new Parts("", ARRAY, 1, "")),
      Map.entry("java.util.Arrays$ArrayList", new Parts("", ARRAY, 1, "")),
      Map.entry("java.util.concurrent.CopyOnWriteArrayList", new Parts("", ARRAY, 1, "")),
      Map.entry("java.util.ImmutableCollections$ListN", new Parts("", ARRAY, 1, "")),
      Map.entry("java.util.ImmutableCollections$SetN", new Parts("", ARRAY, 2, "")),
      Map.entry("java.util.ImmutableCollections$MapN", new Parts("", ARRAY, 4, "")),
      Map.entry("java.util.LinkedList", new Parts("java.util.LinkedList$Node", 0, 0, "")),
      Map.entry("java.util.TreeMap", new Parts("java.util.TreeMap$Entry", 0, 0, "")),
      Map.entry("java.util.HashMap", new Parts("java.util.HashMap$Node", HASH_TABLE, 1, "")),
      Map.entry("java.util.LinkedHashMap", new Parts("java.util.LinkedHashMap$Entry", HASH_TABLE, 1, "")),
      Map.entry("java.util.HashSet", new Parts("java.util.HashMap$Node", HASH_TABLE, 1, "java.util.HashMap")),
      Map.entry("java.util.LinkedHashSet", new Parts("java.util.LinkedHashMap$Entry", HASH_TABLE, 1, "java.util.LinkedHashMap")),
      Map.entry("java.util.concurrent.ConcurrentHashMap",
          new Parts("java.util.concurrent.ConcurrentHashMap$Node", HASH_TABLE, 1, "")),
      Map.entry("java.util.concurrent.ConcurrentLinkedQueue",
          new Parts("java.util.concurrent.ConcurrentLinkedQueue$Node", 0, 0, "")),
      Map.entry("java.util.concurrent.LinkedBlockingQueue",
          new Parts("java.util.concurrent.LinkedBlockingQueue$Node", 0, 0, "")));

  private Innards() {}

  /** Returns whether something is known of the class. */
  static boolean areKnown(Class<?> type) {
    return PARTS.containsKey(type.getName());
  }

  /** Returns the bytes inside a collection of a known class that holds so many elements. */
  static long bytes(ObjectLayout layout, Class<?> type, long elements) {
    Parts parts = PARTS.get(type.getName());
    if (parts == null) {
      return 0;
    }
    long places = parts.table == ARRAY ? elements * parts.each : parts.table == HASH_TABLE && elements > 0 ? capacity(elements) : 0;
    return (parts.node.isEmpty() ? 0 : elements * instance(layout, parts.node))
        + (places == 0 ? 0 : layout.arrayOf(Object.class, places))
        + (parts.inner.isEmpty() ? 0 : instance(layout, parts.inner));
  }

  private static long instance(ObjectLayout layout, String name) {
    try {
      return layout.instance(Class.forName(name, false, null));
    } catch (ClassNotFoundException e) {
      throw new LinkageError("the JDK lacks " + name, e);
    }
  }

  private static long capacity(long elements) {
    long capacity = 16;
    while (capacity * 3 / 4 < elements) {
      capacity *= 2;
    }
    return capacity;
  }
}
