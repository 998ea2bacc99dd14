package leaksafe.lint.internal.facts;

import org.jspecify.annotations.Nullable;

/**
 * Where a value came from, inside one method.
 *
 * @param index the argument's position (the receiver is 0) for PARAMETER; the position among the method's calls for CALL, among
 *     its lambdas for LAMBDA; the instruction's position for NEW; else -1
 * @param type the internal name of the class for NEW; else null
 * @param field the field for FIELD; else null
 */
public record Origin(Kind kind, int index, @Nullable String type, @Nullable FieldRef field) {

  public static final Origin OTHER = new Origin(Kind.OTHER, -1, null, null);
  public static final Origin CONSTANT = new Origin(Kind.CONSTANT, -1, null, null);
  public static final Origin CLASS_LITERAL = new Origin(Kind.CLASS_LITERAL, -1, null, null);
  public static final Origin NULL = new Origin(Kind.NULL, -1, null, null);
  public static final Origin CLASS_NAME = new Origin(Kind.CLASS_NAME, -1, null, null);
  public static final Origin COUNTED = new Origin(Kind.COUNTED, -1, null, null);
  public static final Origin COMPUTED_TEXT = new Origin(Kind.COMPUTED_TEXT, -1, null, null);

  /** What a value can be. */
  public enum Kind {
    OTHER,
    CONSTANT,
    CLASS_LITERAL,
    NULL,
    /** The name of a class, as the class gives it. */
    CLASS_NAME,
    /** A string that was put together at run time. */
    COMPUTED_TEXT,
    /** A number or id that is another each time: a count that only goes up, the time, a random id. */
    COUNTED,
    PARAMETER,
    FIELD,
    NEW,
    CALL,
    LAMBDA
  }

  /** Returns whether it can lead to an object that some rule follows. */
  boolean isTraceable() {
    return kind.compareTo(Kind.PARAMETER) >= 0;
  }
}
