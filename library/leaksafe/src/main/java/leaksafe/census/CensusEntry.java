package leaksafe.census;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What one container said of itself at one time. Consists of text and numbers alone, so keeping it keeps nothing else alive.
 *
 * @param id tells containers apart that have the same name; counted from 1 in the order of their creation
 * @param name the name that the user gave, or one made of the kind and the site
 * @param kind what it is, in one word: {@code cache}, {@code registry}, {@code bus}, {@code pool}, {@code map} ...
 * @param site the line of the user's code that created or watched it
 * @param classLoader the name of the loader of the class with that line; with its identity where there can be many
 * @param size about how many entries it held; 0 if it failed to say so
 * @param bound what limits it, in words
 * @param unbounded whether the user said {@code unbounded()}
 * @param figures further figures by name, {@link Long}s and {@link Double}s; see {@link leaksafe.Container#figures}
 * @param failure the name of the class of what was thrown instead of an answer, or null
 */
public record CensusEntry(long id, String name, String kind, String site, String classLoader, long size, String bound, boolean unbounded,
    Map<String, Number> figures, @Nullable String failure) {

  /** Checks that nothing but the failure is null, and copies the figures. */
  public CensusEntry {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(site, "site");
    Objects.requireNonNull(classLoader, "classLoader");
    Objects.requireNonNull(bound, "bound");
    Map<String, Number> copy = new LinkedHashMap<>();
    figures.forEach((figure, value) -> copy.put(Objects.requireNonNull(figure, "figure"), plain(value)));
    figures = Collections.unmodifiableMap(copy);
  }

  /** Numbers may be of users' classes, or change later. */
  static Number plain(Number value) {
    return value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte
        || value instanceof LongAdder || value instanceof AtomicLong || value instanceof AtomicInteger
        ? (Number) value.longValue() : (Number) value.doubleValue();
  }

  /** Returns a figure as a whole number, or {@code otherwise} if the container does not have it. */
  public long figure(String figure, long otherwise) {
    Number value = figures.get(Objects.requireNonNull(figure, "figure"));
    return value == null ? otherwise : value.longValue();
  }

  /** Returns one line: name, kind, size, bound and site. */
  @Override
  public String toString() {
    return name + " (" + kind + "): " + (failure == null ? size + " entries, " + bound : "failed with " + failure) + ", from " + site;
  }
}
