/**
 * Resources that come back: {@link leaksafe.resource.Scope} closes what it owns, in reverse order, whatever fails;
 * {@link leaksafe.resource.Tracker} counts what is open and says who dropped it unclosed; executors, timers and threads end with
 * their scope; {@link leaksafe.resource.ThreadLeaks} names the threads that nobody stopped.
 *
 * <p><b>Which one?</b> If one piece of code opens and closes: a {@code Scope} in a try-with-resources statement. If an object owns
 * resources for as long as it lives: a {@code Scope} in a field, bound to its owner as a safety net. If your library hands out
 * resources that others must close: a {@code Tracker}.
 */
@NullMarked
package leaksafe.resource;

import org.jspecify.annotations.NullMarked;
