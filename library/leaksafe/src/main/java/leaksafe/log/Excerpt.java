package leaksafe.log;

import leaksafe.log.internal.ExcerptWriter;
import org.jspecify.annotations.Nullable;

/**
 * Bounded text of any object, for logs, reports and messages: what the object looks like now, and nothing that keeps it alive.
 *
 * <p><b>What is printed, and how.</b> Strings and other character sequences up to the limit, without copying the rest. Numbers, booleans,
 * enums, classes, dates and times, and other plain values of the JDK by their {@code toString}; numbers of more than 4096 bits by their
 * size. Arrays, collections, maps, records, optionals, map entries and atomic references piece by piece, up to the limits for elements,
 * depth and characters, and so without calling their own {@code toString}, which would print them whole. Throwables by class and message.
 * {@code WeakReference}
 * and its like by class and identity hash code, since looking at what they refer to keeps it. An object inside of itself as {@code (cycle)}.
 *
 * <p>Of a {@code PriorityBlockingQueue} and a {@code DelayQueue}, which are copied for whoever walks through them, the number of elements alone.
 * Futures, events, bit sets, atomic arrays, string joiners, formatters, matchers, and writers and streams into memory by class and identity hash
 * code: the JDK's text of those is as long as what they hold, or calls the {@code toString} of that.
 *
 * <p>Any other object by its {@code toString}, if its class or a superclass other than {@code Object} has one, and by the name of its
 * class and its identity hash code if not. If that fails, by the name of its class and the failure. {@link #withoutUserCode} calls no
 * {@code toString}, getter or iterator that is not the JDK's, and prints enums by their names; see there what it cannot promise.
 *
 * <p><b>Cut cleanly.</b> What is left out is marked {@code ...}, with how many elements where that can be told without walking through all of
 * them; brackets are closed, too, where walking through something fails. Where the limit of characters comes first, the text ends with the mark.
 * No surrogate pair and no escape is cut in two. Control characters are printed as escapes, so that the text is one line.
 *
 * <p><b>Cost.</b> O(characters printed), except in users' own code: nothing is called on what would not be printed any more, but how
 * much work a {@code toString} of a user's class does before its result is cut is not ours to bound. Nor is what the JDK's own do on the way:
 * a hash table that was once much larger has its empty places passed over, and a wrapper may count what it stands before by walking through it.
 *
 * <p><b>Threads.</b> Immutable. An object that others change meanwhile is seen in one state or another; a collection that notices that
 * is printed as far as it came.
 */
public final class Excerpt {
  /** The longest text unless said otherwise, in characters. */
  public static final int CHARACTERS = 500;

  /** How many elements of one collection, map, array or record are printed unless said otherwise. */
  public static final int ELEMENTS = 20;

  /** How deep pieces are printed piece by piece unless said otherwise. */
  public static final int DEPTH = 4;

  /** The usual limits. */
  public static final Excerpt USUAL = new Excerpt(CHARACTERS, ELEMENTS, DEPTH, true);

  private final int characters;
  private final int elements;
  private final int depth;
  private final boolean userCode;

  private Excerpt(int characters, int elements, int depth, boolean userCode) {
    this.characters = characters;
    this.elements = elements;
    this.depth = depth;
    this.userCode = userCode;
  }

  /** Returns the text of an object, within the usual limits. Never throws because of the object, errors of the JVM aside. */
  public static String of(@Nullable Object object) {
    return USUAL.text(object);
  }

  /** Returns the text of an object. Never throws because of the object, errors of the JVM aside. */
  public String text(@Nullable Object object) {
    return new ExcerptWriter(characters, elements, depth, userCode).write(object);
  }

  /**
   * Returns an excerpt of another length.
   *
   * @param characters the longest text; at least 16
   * @throws IllegalArgumentException if it is less
   */
  public Excerpt characters(int characters) {
    return new Excerpt(atLeast(16, characters, "characters"), elements, depth, userCode);
  }

  /**
   * Returns an excerpt with another number of elements of each collection, map, array and record.
   *
   * @param elements how many; at least 0
   * @throws IllegalArgumentException if it is less
   */
  public Excerpt elements(int elements) {
    return new Excerpt(characters, atLeast(0, elements, "elements"), depth, userCode);
  }

  /**
   * Returns an excerpt with another depth.
   *
   * @param depth how many levels of collections, maps, arrays, records and other holders are printed piece by piece, from 1 to 100
   * @throws IllegalArgumentException if it is outside of that
   */
  public Excerpt depth(int depth) {
    if (atLeast(1, depth, "depth") > 100) {
      throw new IllegalArgumentException("depth must be at most 100, but was " + depth);
    }
    return new Excerpt(characters, elements, depth, userCode);
  }

  /**
   * Returns an excerpt that runs no code of users: objects that are not the JDK's are printed as the name of their class and their identity
   * hash code, collections and maps that are not the JDK's too. For objects whose {@code toString} is slow, locks, or loads.
   *
   * <p>So are the JDK's own wrappers and views, as of {@code Collections.unmodifiableList}, {@code keySet} and {@code subList}, proxies, and
   * {@code TreeSet}, {@code ConcurrentSkipListSet} and {@code ConcurrentHashMap.newKeySet()}: behind each may be a collection, a handler or a
   * comparator of a user.
   *
   * <p><b>Not promised.</b> The text of another value of the JDK may ask an object of a user that it was given, as that of a {@code Calendar}
   * asks its time zone.
   */
  public Excerpt withoutUserCode() {
    return new Excerpt(characters, elements, depth, false);
  }

  private static int atLeast(int least, int value, String name) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", but was " + value);
    }
    return value;
  }
}
