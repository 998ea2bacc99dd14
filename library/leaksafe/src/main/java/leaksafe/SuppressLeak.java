package leaksafe;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Tells {@code leaksafe-lint} that what a rule would report here is meant, and why.
 *
 * <p>On a field it speaks for the field; on a method or constructor for what the method's own lines do; on a class for all of it and
 * for the classes nested in it. A suppression without a reason does not count: the lint reports it and the finding stays.
 *
 * <p>Kept in the class file ({@link RetentionPolicy#CLASS}) because the lint reads class files, and absent at run time.
 * {@code @SuppressWarnings} cannot serve: the compiler drops it.
 *
 * <pre>{@code
 * @SuppressLeak(rule = "LS002", reason = "the keys are the twelve report names")
 * private static final Map<String, Report> REPORTS = new ConcurrentHashMap<>();
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.FIELD, ElementType.METHOD, ElementType.CONSTRUCTOR})
@Repeatable(SuppressLeak.All.class)
public @interface SuppressLeak {

  /** Returns the rule's number, such as {@code "LS002"}, or {@code "*"} for every rule. */
  String rule();

  /** Returns why this is no leak, for the one who reads it next year. Must not be blank. */
  String reason();

  /** Holds several suppressions on one element; written by the compiler. */
  @Documented
  @Retention(RetentionPolicy.CLASS)
  @Target({ElementType.TYPE, ElementType.FIELD, ElementType.METHOD, ElementType.CONSTRUCTOR})
  @interface All {

    /** Returns the suppressions in the order of the source. */
    SuppressLeak[] value();
  }
}
