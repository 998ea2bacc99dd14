/**
 * Text now, object never: {@link leaksafe.log.Excerpt} makes bounded text of any object, {@link leaksafe.log.ThrowableText} of any
 * throwable, and two handlers for {@code java.util.logging} keep what was logged without what it was logged with.
 *
 * <p>A log record holds its arguments and its exception. Whatever keeps records, a ring buffer, an asynchronous queue, a test's list,
 * keeps whole graphs of objects. The handlers of this package keep strings and numbers.
 *
 * <p>Both handlers can be named in {@code logging.properties}. These lines write the text of the last thousand records into a file when one of level
 * {@code SEVERE} comes, and keep the newest hundred for a program that asks {@link leaksafe.log.RecentRecords#of}:
 *
 * <pre>{@code
 * handlers=leaksafe.log.TextHandler, leaksafe.log.RecentRecords
 * leaksafe.log.TextHandler.target=java.util.logging.MemoryHandler
 * java.util.logging.MemoryHandler.target=java.util.logging.FileHandler
 * java.util.logging.MemoryHandler.push=SEVERE
 * java.util.logging.FileHandler.pattern=app.log
 * leaksafe.log.RecentRecords.size=100
 * }</pre>
 *
 * <p>The log manager looks for handlers in the system class loader: the library must be on the class path or module path of the program, and not in
 * the class loader of a web application.
 *
 * <p>The handlers need the module {@code java.logging}; {@code Excerpt} and {@code ThrowableText} do not.
 */
@NullMarked
package leaksafe.log;

import org.jspecify.annotations.NullMarked;
