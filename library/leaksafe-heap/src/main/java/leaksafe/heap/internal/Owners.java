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
import org.jspecify.annotations.Nullable;

/**
 * Who owns some objects, found by passes over the dump: each pass finds the referrers of those found before, until all have a path from
 * a static field or a root. Holds at most a few referrers for each of a bounded number of objects.
 */
final class Owners {
  private static final int MOST_PASSES = 10;
  private static final int MOST_REFERRERS = 4;
  private static final int MOST_OBJECTS = 20_000;

  private record Referrer(long id, ClassInfo type, String label) {}

  private final DumpFile file;
  private final ClassTable classes;
  private final Map<Long, List<Referrer>> referrers = new HashMap<>();
  private final Map<Long, String> statics = new HashMap<>();
  private final IdMap rootKinds = new IdMap();
  private final boolean[] skipReferent;
  private final Map<Long, List<Census.Container>> tables = new HashMap<>();
  private Set<Long> frontier = new HashSet<>();

  Owners(DumpFile file, ClassTable classes, Roots roots, List<Census.Container> wanted) throws IOException {
    this.file = file;
    this.classes = classes;
    skipReferent = new boolean[classes.size()];
    Set<Long> involved = new HashSet<>();
    for (int i = 1; i < classes.size(); i++) {
      ClassInfo info = classes.at(i);
      skipReferent[i] = info.referenceKind != null && !file.options().followed().contains(info.referenceKind) && info.referenceOffsets.length > 0;
      for (int s = 0; s < info.staticLabels.length; s++) {
        statics.putIfAbsent(info.staticTargets[s], info.name + "." + classes.labels.text(info.staticLabels[s]));
      }
    }
    for (int i = 0; i < roots.size(); i++) {
      rootKinds.putIfAbsent(roots.id(i), roots.kind(i));
    }
    wanted.forEach(container -> {
      involved.add(container.id);
      if (container.tableId != 0) {
        tables.computeIfAbsent(container.tableId, id -> new ArrayList<>()).add(container);
      }
    });
    frontier.addAll(involved);
    for (int pass = 0; pass < MOST_PASSES && !frontier.isEmpty(); pass++) {
      LongSet sought = new LongSet();
      frontier.forEach(id -> {
        if (id != 0) {
          sought.add(id);
        }
      });
      frontier = new HashSet<>();
      file.scan("owners, pass " + (pass + 1), () -> new Seeking(sought));
      tables.clear();
      if (wanted.stream().allMatch(container -> !route(container.id).isEmpty())) {
        break;
      }
      frontier.removeIf(id -> isEnd(id));
    }
  }

  private boolean isEnd(long id) {
    return statics.containsKey(id) || rootKinds.contains(id);
  }

  /** Returns the ids from the object up to a root or a static field's value, empty if none is known. */
  private List<Long> route(long object) {
    Map<Long, Long> below = new HashMap<>();
    ArrayDeque<Long> queue = new ArrayDeque<>();
    queue.add(object);
    below.put(object, 0L);
    while (!queue.isEmpty()) {
      long at = queue.remove();
      if (isEnd(at)) {
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
      return "(no owner found: unreachable, or more than " + MOST_PASSES + " references away)";
    }
    long end = route.get(route.size() - 1);
    String field = statics.get(end);
    StringBuilder text = new StringBuilder(field != null ? field : "<" + Roots.name(rootKinds.get(end)) + ">");
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

  private synchronized void found(long target, long source, ClassInfo type, String label) {
    List<Referrer> known = referrers.computeIfAbsent(target, id -> new ArrayList<>(1));
    if (known.size() < MOST_REFERRERS && referrers.size() < MOST_OBJECTS) {
      known.add(new Referrer(source, type, label));
      if (!referrers.containsKey(source)) {
        frontier.add(source);
      }
    }
  }

  private synchronized void table(long id, int length) {
    List<Census.Container> owners = tables.get(id);
    if (owners != null) {
      owners.forEach(owner -> owner.capacity = length);
    }
  }

  private final class Seeking extends HeapVisitor {
    private final LongSet sought;
    private final boolean wideIds = classes.idSize == 8;
    private final boolean wantsTables = !tables.isEmpty();
    private long lastClassId;
    private ClassInfo lastClass = classes.at(0);

    Seeking(LongSet sought) {
      this.sought = sought;
    }

    @Override
    boolean readsFields() {
      return true;
    }

    private ClassInfo find(long classId) {
      if (classId != lastClassId) {
        lastClassId = classId;
        lastClass = classes.find(classId);
      }
      return lastClass;
    }

    @Override
    void instance(long id, long classId, byte[] buffer, int at, int length) {
      ClassInfo info = find(classId);
      if (length < info.dumpBytes) {
        return;
      }
      int[] offsets = info.referenceOffsets;
      for (int i = skipReferent[info.index] ? 1 : 0; i < offsets.length; i++) {
        int place = at + offsets[i];
        long target = wideIds ? DumpInput.longAt(buffer, place) : DumpInput.intAt(buffer, place) & 0xFFFF_FFFFL;
        if (target != 0 && sought.contains(target)) {
          found(target, id, info, "." + classes.labels.text(info.referenceLabels[i]));
        }
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
          found(target, id, find(classId), "[" + i + "]");
        }
      }
    }
  }
}
