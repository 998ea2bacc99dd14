package leaksafe.lint.internal.solve;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import leaksafe.lint.internal.facts.ClassFacts;
import leaksafe.lint.internal.facts.MethodFacts;

/** A method of the class set, and what is known of its parameters and callers once the facts are joined. */
public final class Method {
  static final int GROWS = 1;
  static final int SHRINKS = 2;
  static final int ESCAPES = 4;
  static final int CLOSES = 8;
  static final int SETS = 16;
  static final int CLEARS = 32;

  public final ClassFacts owner;
  public final MethodFacts facts;
  final int[] parameters;
  final Set<Method> callers = new LinkedHashSet<>();
  /** Fields that a parameter is stored in, as pairs of parameter and field. */
  final Set<Stored> stored = new HashSet<>();
  boolean initOnly;
  boolean constructionOnly;

  record Stored(int parameter, FieldStory field) {}

  Method(ClassFacts owner, MethodFacts facts) {
    this.owner = owner;
    this.facts = facts;
    this.parameters = new int[org.objectweb.asm.Type.getArgumentTypes(facts.desc()).length + (facts.isStatic() ? 0 : 1)];
  }

  /** Returns whether it only runs while its class is initialized. */
  public boolean isInitOnly() {
    return initOnly;
  }

  public Set<Method> callers() {
    return callers;
  }

  @Override
  public String toString() {
    return owner.name().replace('/', '.') + "." + facts.name();
  }
}
