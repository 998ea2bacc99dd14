/**
 * Text now, object never: {@link leaksafe.log.Excerpt} makes bounded text of any object, {@link leaksafe.log.ThrowableText} of any
 * throwable, and two handlers for {@code java.util.logging} keep what was logged without what it was logged with.
 *
 * <p>A log record holds its arguments and its exception. Whatever keeps records, a ring buffer, an asynchronous queue, a test's list,
 * keeps whole graphs of objects. The handlers of this package keep strings and numbers.
 *
 * <p>The handlers need the module {@code java.logging}; {@code Excerpt} and {@code ThrowableText} do not.
 */
@NullMarked
package leaksafe.log;

import org.jspecify.annotations.NullMarked;
