package leaksafe.lint.internal.facts;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import leaksafe.lint.internal.facts.Vocabulary.Category;
import org.jspecify.annotations.Nullable;

/**
 * The categories of all types: by name for the JDK's, by what they extend for those of the class set. Safe for use by many threads once
 * the headers are in.
 */
public final class TypeTable {

  /** What a class extends and implements. */
  public record Header(@Nullable String superName, List<String> interfaces) {}

  private static final int DEEPEST = 64;

  private final Vocabulary vocabulary;
  private final Map<String, Header> headers;
  private final ConcurrentHashMap<String, Category> known = new ConcurrentHashMap<>();

  public TypeTable(Vocabulary vocabulary, Map<String, Header> headers) {
    this.vocabulary = vocabulary;
    this.headers = headers;
  }

  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** Returns the category of a class by its internal name. */
  public Category category(String internalName) {
    Category category = known.get(internalName);
    if (category == null) {
      category = find(internalName, 0);
      known.put(internalName, category);
    }
    return category;
  }

  /** Returns the category of a type by its descriptor; NONE for primitives and arrays. */
  public Category categoryOf(String desc) {
    return desc.charAt(0) == 'L' ? category(desc.substring(1, desc.length() - 1)) : Category.NONE;
  }

  boolean isFollowed(String desc) {
    return categoryOf(desc) != Category.NONE;
  }

  /** Returns whether the class set holds the class. */
  boolean contains(String internalName) {
    return headers.containsKey(internalName);
  }

  /** Returns a digest of all that the facts of a class can depend on beside its own bytes. */
  byte[] fingerprint() {
    MessageDigest digest = FactsCache.sha256();
    digest.update(vocabulary.additions().getBytes(StandardCharsets.UTF_8));
    for (String name : new TreeSet<>(headers.keySet())) {
      Category category = category(name);
      if (category != Category.NONE || name.startsWith("java/")) {
        digest.update((name + ' ' + category + '\n').getBytes(StandardCharsets.UTF_8));
      }
    }
    return digest.digest();
  }

  private Category find(String name, int depth) {
    Category byName = vocabulary.categoryByName(name);
    if (byName != Category.NONE || depth > DEEPEST) {
      return byName;
    }
    Header header = headers.get(name);
    if (header == null) {
      return Category.NONE;
    }
    if (header.superName() != null) {
      Category category = find(header.superName(), depth + 1);
      if (category != Category.NONE) {
        return category;
      }
    }
    for (String parent : header.interfaces()) {
      Category category = find(parent, depth + 1);
      if (category != Category.NONE) {
        return category;
      }
    }
    return Category.NONE;
  }
}
