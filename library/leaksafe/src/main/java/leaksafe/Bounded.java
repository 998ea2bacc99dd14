package leaksafe;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says that a collection which is only added to cannot hold more than so many entries, and by what.
 *
 * <p>Documents the bound for the reader, and keeps {@code leaksafe-lint} from reporting the field as one that only grows
 * (LS001 to LS005). Nobody checks the number at run time: a collection that needs a bound kept is a
 * {@code leaksafe.cache.Cache}.
 *
 * <pre>{@code
 * @Bounded(max = 600, by = "one entry for each time zone of the JDK")
 * private static final Map<String, DateFormat> FORMATS = new ConcurrentHashMap<>();
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.FIELD)
public @interface Bounded {

  /** Returns the largest number of entries that the field can hold; at least 1. */
  long max();

  /** Returns what keeps it there, in words. */
  String by() default "";
}
