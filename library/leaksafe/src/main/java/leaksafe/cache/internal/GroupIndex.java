package leaksafe.cache.internal;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of a segment carry which group. Guarded by the segment's lock.
 *
 * <p>Each group is a list of its members, from the one that was written longest ago to the newest, and each entry a chain of its memberships. So
 * an entry enters and leaves in constant time for each of its groups, whyever it leaves, and a group is there exactly as long as it has a
 * member.
 */
final class GroupIndex<N> {
  private static final int SMALL = 64;

  private Map<Object, Group<N>> groups = new HashMap<>();
  private int peak; // the most groups since the map was made

  /** A group that has members. */
  static final class Group<N> {
    final Object tag;
    int size;
    @Nullable Member<N> oldest;
    @Nullable Member<N> newest;

    Group(Object tag) {
      this.tag = tag;
    }
  }

  /** An entry's place in a group. */
  static final class Member<N> {
    final N node;
    final Group<N> group;
    final @Nullable Member<N> sibling; // of the same entry, in another group
    @Nullable Member<N> older;
    @Nullable Member<N> newer;

    Member(N node, Group<N> group, @Nullable Member<N> sibling) {
      this.node = node;
      this.group = group;
      this.sibling = sibling;
    }
  }

  @Nullable Group<N> find(Object tag) {
    return groups.get(tag);
  }

  /** Has an entry that was written be in these groups and no others. */
  void assign(N node, Extras<N> extras, Object[] tags) {
    leave(extras);
    for (Object tag : tags) {
      Group<N> group = groups.get(tag);
      if (group == null) {
        group = new Group<>(tag);
        groups.put(tag, group);
        peak = Math.max(peak, groups.size());
      }
      Member<N> member = new Member<>(node, group, extras.members);
      Member<N> before = group.newest;
      member.older = before;
      if (before == null) {
        group.oldest = member;
      } else {
        before.newer = member;
      }
      group.newest = member;
      group.size++;
      extras.members = member;
    }
  }

  /** Takes an entry out of its groups. */
  void leave(Extras<N> extras) {
    for (Member<N> member = extras.members; member != null; member = member.sibling) {
      Group<N> group = member.group;
      Member<N> before = member.older;
      Member<N> after = member.newer;
      if (before == null) {
        group.oldest = after;
      } else {
        before.newer = after;
      }
      if (after == null) {
        group.newest = before;
      } else {
        after.older = before;
      }
      group.size--;
      if (group.size == 0) {
        groups.remove(group.tag);
      }
    }
    extras.members = null;
    if (peak > SMALL && groups.size() < peak >>> 3) {
      groups = new HashMap<>(groups); // a map does not shrink by itself
      peak = groups.size();
    }
  }

  void clear() {
    groups = new HashMap<>();
    peak = 0;
  }

  int groupCount() {
    return groups.size();
  }

  /** Throws if a group is empty or counts wrongly, for tests. Returns the number of memberships. */
  long verify() {
    long members = 0;
    for (Group<N> group : groups.values()) {
      int count = 0;
      for (Member<N> member = group.oldest; member != null; member = member.newer) {
        Invariants.ensure(member.newer == null ? group.newest == member : member.newer.older == member, "the links of a group disagree");
        count++;
      }
      Invariants.ensure(count > 0 && count == group.size, "a group counts " + group.size + " members and has " + count);
      members += count;
    }
    return members;
  }
}
