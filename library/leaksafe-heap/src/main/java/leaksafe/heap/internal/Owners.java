package leaksafe.heap.internal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Who owns some objects, found by passes over the dump: each pass finds the referrers of those found before, until all have a path from
 * a static field or a root. Holds at most a few referrers for each of a bounded number of objects.
 */
final class Owners {
  private static final int MOST_PASSES = 10;
  /** A collection of a thousandth of the largest is not worth more passes. */
  private static final int MOST_PASSES_FOR_SMALL = 5;
  private static final int SMALL_FRACTION = 1000;
  private static final int MOST_REFERRERS = 4;
  private static final int MOST_OBJECTS = 20_000;
  /** How many objects one thread may seek beyond those that its pass began with. */
  private static final int MOST_ON_THE_WAY = 1000;

  private record Referrer(long id, ClassInfo type, String label) {}

  private final DumpFile file;
  private final ClassTable classes;
  private final Map<Long, List<Referrer>> referrers = new HashMap<>();
  private final Map<Long, String> statics = new HashMap<>();
  private final IdMap rootKinds = new IdMap();
  /** Roots that last only as long as a call: the end of a way only if there is no other. */
  private final IdMap passingRoots = new IdMap();
  private final boolean[] skipReferent;
  private final Map<Long, List<Census.Container>> tables = new HashMap<>();
  private final Set<Long> soughtBefore = new HashSet<>();
  private int passes;

  /** Finds who refers to the wanted objects; {@link #resolve} finds the rest of the way. */
  Owners(DumpFile file, ClassTable classes, Roots roots, List<Census.Container> wanted) throws IOException {
    this.file = file;
    this.classes = classes;
    skipReferent = new boolean[classes.size()];
    for (int i = 1; i < classes.size(); i++) {
      ClassInfo info = classes.at(i);
      skipReferent[i] = info.referenceKind != null && !file.options().followed().contains(info.referenceKind) && info.referenceOffsets.length > 0;
      for (int s = 0; s < info.staticLabels.length; s++) {
        statics.putIfAbsent(info.staticTargets[s], info.name + "." + classes.labels.text(info.staticLabels[s]));
      }
    }
    for (int kind : Roots.ORDER) {
      for (int i = 0; i < roots.size(); i++) {
        if (roots.kind(i) == kind) {
          (Roots.isPassing(kind) ? passingRoots : rootKinds).putIfAbsent(roots.id(i), kind);
        }
      }
    }
    Set<Long> first = new HashSet<>();
    wanted.forEach(container -> {
      first.add(container.id);
      if (container.tableId != 0) {
        tables.computeIfAbsent(container.tableId, id -> new ArrayList<>()).add(container);
      }
    });
    seek(first);
    tables.clear();
  }

  /** Goes up from these objects until each has a way to a static field or a root, or no way is left. */
  void resolve(List<Census.Container> shown) throws IOException {
    long largest = shown.stream().mapToLong(container -> container.size).max().orElse(0);
    while (passes < MOST_PASSES) {
      Set<Long> frontier = new HashSet<>();
      for (Census.Container container : shown) {
        boolean worthIt = passes < MOST_PASSES_FOR_SMALL || container.size >= largest / SMALL_FRACTION;
        if (worthIt && route(container.id, this::isEnd).isEmpty()) {
          frontier.addAll(leaves(container.id));
        }
      }
      if (frontier.isEmpty()) {
        return;
      }
      seek(frontier);
    }
  }

  private void seek(Set<Long> ids) throws IOException {
    LongSet sought = new LongSet(ids.size() + MOST_ON_THE_WAY);
    for (long id : ids) {
      if (id != 0) {
        sought.add(id);
      }
    }
    soughtBefore.addAll(ids);
    passes++;
    file.scan("owners, pass " + passes, () -> new Seeking(sought));
  }

  /** Returns the objects above the given one whose referrers were not sought in a whole pass. */
  private Set<Long> leaves(long object) {
    Set<Long> leaves = new HashSet<>();
    Set<Long> seen = new HashSet<>(Set.of(object));
    ArrayDeque<Long> queue = new ArrayDeque<>(seen);
    while (!queue.isEmpty()) {
      long at = queue.remove();
      if (!soughtBefore.contains(at)) {
        leaves.add(at); // Referrers that were met on the way may not be all.
        continue;
      }
      for (Referrer referrer : referrers.getOrDefault(at, List.of())) {
        if (seen.add(referrer.id)) {
          queue.add(referrer.id);
        }
      }
    }
    return leaves;
  }

  private boolean isEnd(long id) {
    return statics.containsKey(id) || rootKinds.contains(id);
  }

  /** Returns the ids from the object up to a root or a static field's value, empty if none is known. */
  private List<Long> route(long object) {
    List<Long> lasting = route(object, this::isEnd);
    return lasting.isEmpty() ? route(object, passingRoots::contains) : lasting;
  }

  private List<Long> route(long object, LongPredicate isEnd) {
    Map<Long, Long> below = new HashMap<>();
    ArrayDeque<Long> queue = new ArrayDeque<>();
    queue.add(object);
    below.put(object, 0L);
    while (!queue.isEmpty()) {
      long at = queue.remove();
      if (isEnd.test(at)) {
        List<Long> route = new ArrayList<>();
        for (long id = at; id != 0; id = below.getOrDefault(id, 0L)) {
          route.add(id);
        }
        Collections.reverse(route);
        return route;
      }
      for (Referrer referrer : referrers.getOrDefault(at, List.of())) {
        if (below.putIfAbsent(referrer.id, at) == null) {
          queue.add(referrer.id);
        }
      }
    }
    return List.of();
  }

  /** Returns the class of the object's first referrer, or null if none was found. */
  @Nullable ClassInfo firstOwner(long object) {
    List<Long> route = route(object);
    for (Referrer referrer : referrers.getOrDefault(object, List.of())) {
      if (route.size() < 2 || referrer.id == route.get(1)) {
        return referrer.type;
      }
    }
    return null;
  }

  /** Returns the path to the object from its static field or root. */
  String path(long object) {
    return path(route(object));
  }

  /** Returns the path to what holds the object. */
  String pathToOwner(long object) {
    List<Long> route = route(object);
    return path(route.size() < 2 ? route : route.subList(1, route.size()));
  }

  private String path(List<Long> route) {
    if (route.isEmpty()) {
      return "(no owner found within " + passes + " passes; why has the paths to all of its class)";
    }
    long end = route.get(route.size() - 1);
    String field = statics.get(end);
    StringBuilder text = new StringBuilder(field != null ? field : "<" + Roots.name(rootKinds.contains(end) ? rootKinds.get(end) : passingRoots.get(end)) + ">");
    for (int i = route.size() - 1; i > 0; i--) {
      long target = route.get(i - 1);
      long holder = route.get(i);
      for (Referrer referrer : referrers.getOrDefault(target, List.of())) {
        if (referrer.id == holder) {
          text.append(" -> ").append(referrer.type.simpleName()).append(referrer.label);
          break;
        }
      }
    }
    return text.toString();
  }

  /** Notes a referrer; returns whether it is the first of its target, and no end. */
  private synchronized boolean found(long target, long source, ClassInfo type, String label) {
    List<Referrer> known = referrers.computeIfAbsent(target, id -> new ArrayList<>(1));
    if (known.size() < MOST_REFERRERS && referrers.size() < MOST_OBJECTS) {
      known.add(new Referrer(source, type, label));
      return known.size() == 1 && !isEnd(source);
    }
    return false;
  }

  private synchronized void table(long id, int length) {
    List<Census.Container> owners = tables.get(id);
    if (owners != null) {
      owners.forEach(owner -> owner.capacity = length);
    }
  }

  /**
   * Seeks the referrers of some objects, and those of the first referrers that it meets, as far as they lie behind them in the dump: so
   * most passes go up several steps.
   */
  private final class Seeking extends HeapVisitor {
    private final LongSet sought;
    private int onTheWay;
    private final boolean wideIds = classes.idSize == 8;
    private final boolean wantsTables = !tables.isEmpty();
    private final ClassFinder finder = new ClassFinder(classes);

    Seeking(LongSet sought) {
      this.sought = sought.copy();
    }

    @Override
    boolean readsContents() {
      return true;
    }

    @Override
    void instance(long id, long classId, byte[] buffer, int at, int length) {
      ClassInfo info = finder.find(classId);
      if (length < info.dumpBytes) {
        return;
      }
      int[] offsets = info.referenceOffsets;
      for (int i = skipReferent[info.index] ? 1 : 0; i < offsets.length; i++) {
        int place = at + offsets[i];
        long target = wideIds ? DumpInput.longAt(buffer, place) : DumpInput.intAt(buffer, place) & 0xFFFF_FFFFL;
        if (target != 0 && sought.contains(target)) {
          meet(target, id, info, "." + classes.labels.text(info.referenceLabels[i]));
        }
      }
    }

    private void meet(long target, long source, ClassInfo type, String label) {
      if (found(target, source, type, label) && onTheWay < MOST_ON_THE_WAY && source != 0) {
        onTheWay += sought.add(source) ? 1 : 0;
      }
    }

    @Override
    void objectArray(long id, long classId, int length, DumpInput in) throws IOException {
      if (wantsTables) {
        table(id, length);
      }
      for (int i = 0; i < length; i++) {
        long target = in.id();
        if (target != 0 && sought.contains(target)) {
          meet(target, id, finder.find(classId), "[" + i + "]");
        }
      }
    }
  }
}
