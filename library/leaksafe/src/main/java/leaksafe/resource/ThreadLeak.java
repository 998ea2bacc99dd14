package leaksafe.resource;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A thread that was expected to be gone. Text and numbers only: keeping it does not keep the thread.
 *
 * @param name the name of the thread
 * @param id its id
 * @param daemon whether it is a daemon
 * @param state its state, at the time of the report
 * @param owner the scope or executor of this library that it belongs to, or null if it was started past the library
 * @param startedBy the stack that started it, or made its executor, innermost frame first; for threads started past the library, what can be known: the class of
 *     the thread and its thread group
 * @param stack where it was at the time of the report, innermost frame first; up to 12 frames
 */
public record ThreadLeak(String name, long id, boolean daemon, Thread.State state, @Nullable String owner, String startedBy, String stack) {

  /** Checks that nothing is null where it must not be. */
  public ThreadLeak {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(startedBy, "startedBy");
    Objects.requireNonNull(stack, "stack");
  }

  /** Returns the report as one line. */
  @Override
  public String toString() {
    return "thread " + name + " (" + state + (daemon ? ", daemon" : "") + ")" + (owner == null ? "" : " of " + owner)
        + " is still running; started by " + startedBy + "; now at " + stack;
  }
}
