package leaksafe.lint.internal.solve;

import java.util.Map;
import java.util.Set;

/** Which collections bound themselves, or hold what is in them weakly. */
final class Bounds {
  private static final Set<String> BOUNDED = Set.of("java/util/WeakHashMap", "java/util/EnumMap", "java/util/EnumSet",
      "java/util/concurrent/ArrayBlockingQueue", "org/springframework/util/ConcurrentReferenceHashMap",
      "com/google/common/collect/EvictingQueue");

  private final Program program;

  Bounds(Program program) {
    this.program = program;
  }

  /** Returns whether objects of a class, given by its internal name, do. */
  boolean isBounded(String type) {
    if (BOUNDED.contains(type) || program.types.vocabulary().isBoundedByConfiguration(type)) {
      return true;
    }
    Map<String, Method> own = program.methods.get(type);
    if (own == null) {
      return type.endsWith("LRUMap") || type.contains("ReferenceMap");
    }
    String parent = own.isEmpty() ? null : own.values().iterator().next().owner.superName();
    return own.keySet().stream().anyMatch(name -> name.startsWith("removeEldestEntry")) || own.values().stream().anyMatch(Bounds::expunges)
        || parent != null && isBounded(parent);
  }

  /** Returns whether a method polls for references that the collector cleared, so that entries go with what they hold weakly. */
  private static boolean expunges(Method method) {
    return method.facts.callees().stream().anyMatch(callee -> callee.owner().equals("java/lang/ref/ReferenceQueue") && callee.name().equals("poll"));
  }
}
