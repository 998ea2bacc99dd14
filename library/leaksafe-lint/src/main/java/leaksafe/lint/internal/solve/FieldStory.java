package leaksafe.lint.internal.solve;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import leaksafe.lint.internal.facts.ClassFacts;
import leaksafe.lint.internal.facts.FieldFacts;
import leaksafe.lint.internal.facts.MethodRef;
import org.jspecify.annotations.Nullable;

/** All that happens to a field in the class set. */
public final class FieldStory {
  /**
   * A place where the collection is added to.
   *
   * @param key the key that it adds under, or the element of a set; null for a list, a queue, text
   * @param handedIn all that it adds are arguments of the method, which code outside of the package can call
   * @param made the class of the element, if the method makes it
   * @param value the class of the value that it puts under the key, if the method makes it
   * @param marker what it puts under the key is a constant, a new object or an argument: nothing that was found by the key
   */
  public record Growth(Method method, int line, @Nullable Key key, boolean handedIn, @Nullable String made, @Nullable String value, boolean marker) {

    public boolean hasConstantKey() {
      return key != null && key.constant();
    }
  }

  /**
   * A key at a place that adds.
   *
   * @param constant it is the same, or one of a few, whenever the place is reached
   * @param type its static type, as an internal name
   * @param fromOutside it is an argument of the method, text that was put together, or a number that is another each time
   * @param built it is text that was put together
   * @param ofClass it is the name of a class
   * @param made its class, if the method makes it
   */
  public record Key(boolean constant, @Nullable String type, boolean fromOutside, boolean built, boolean ofClass, @Nullable String made) {
    static final Key UNKNOWN = new Key(false, null, true, false, false, null);
  }

  /** A place of another kind. */
  public record Place(Method method, int line) {}

  public final ClassFacts owner;
  public final FieldFacts facts;
  public final Set<Growth> growths = new LinkedHashSet<>();
  public final Set<Place> removals = new LinkedHashSet<>();
  public final Set<Place> closes = new LinkedHashSet<>();
  public final Set<Place> sets = new LinkedHashSet<>();
  /** Places that set a thread-local to null. */
  public final Set<Place> clears = new LinkedHashSet<>();
  /** Places that take something out of the collection that a thread-local holds. */
  public final Set<Place> emptied = new LinkedHashSet<>();
  public final Set<String> allocations = new LinkedHashSet<>();
  /** The constructors that made what it holds. */
  public final Set<MethodRef> constructedBy = new LinkedHashSet<>();
  /** The names of the methods that made what it holds. */
  public final Set<String> madeByCall = new LinkedHashSet<>();
  final Set<FieldStory> aliases = new LinkedHashSet<>();
  /** The line of the first store in the order of the class file, usually the declaration's; -1 if there is none. */
  public int line = -1;
  /** Code that is not seen can remove from it, or it is a collection that came from there. */
  public boolean escapes;
  public boolean bounded;
  public boolean concurrent;
  public boolean madeHere;
  /** The threads of the executor that it holds are daemons, as far as the code that makes it tells. */
  public boolean daemon;

  FieldStory(ClassFacts owner, FieldFacts facts) {
    this.owner = owner;
    this.facts = facts;
  }

  /** Returns whether it lets go of entries only when memory runs short. */
  public boolean isSoft() {
    return allocations.contains("org/springframework/util/ConcurrentReferenceHashMap");
  }

  public String member() {
    return owner.name().replace('/', '.') + "#" + facts.name();
  }

  /** What happens to the field itself, apart from its aliases. */
  record Own(List<Growth> growths, List<Place> removals, List<Place> closes, List<Place> sets, List<Place> clears, boolean escapes) {}

  Own own() {
    return new Own(List.copyOf(growths), List.copyOf(removals), List.copyOf(closes), List.copyOf(sets), List.copyOf(clears), escapes);
  }

  /** Adds what happens to the same collection through another field. */
  void absorb(Own alias) {
    growths.addAll(alias.growths);
    removals.addAll(alias.removals);
    closes.addAll(alias.closes);
    sets.addAll(alias.sets);
    clears.addAll(alias.clears);
    escapes |= alias.escapes;
  }
}
