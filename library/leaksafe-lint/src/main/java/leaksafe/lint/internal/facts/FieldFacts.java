package leaksafe.lint.internal.facts;

import java.lang.reflect.Modifier;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field as declared.
 *
 * @param signature its generic type, if it has one
 */
public record FieldFacts(String name, String desc, @Nullable String signature, int access, List<String> annotations,
    List<Suppression> suppressions) {

  public boolean isStatic() {
    return Modifier.isStatic(access);
  }

  public boolean isFinal() {
    return Modifier.isFinal(access);
  }

  /** Returns whether the compiler made it: the captured variables of an inner class, its outer instance. */
  public boolean isSynthetic() {
    return (access & 0x1000) != 0;
  }

  /** Returns the internal name of its class; its descriptor if it is primitive or an array. */
  public String type() {
    return desc.charAt(0) == 'L' ? desc.substring(1, desc.length() - 1) : desc;
  }
}
