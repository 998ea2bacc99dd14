package leaksafe.lint.internal.facts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call whose receiver or arguments matter.
 *
 * @param arguments for each argument, receiver first if there is one, the positions of its origins in the method's table
 * @param keyType the static type of the first argument after the receiver, as an internal name, if it is an object
 * @param guards what must hold for the call to happen, as far as it limits how often it can
 * @param use what becomes of the result
 */
public record CallFact(MethodRef callee, boolean isStatic, List<int[]> arguments, int line, @Nullable String keyType,
    Guards guards, Use use) {

  private static final int[] NOTHING = {};

  /** What becomes of a result, where it can be told from the next instruction or the data flow. */
  public enum Use {
    NONE,
    /** The result is popped off the stack. */
    DROPPED,
    /** The call stands in a handler of exceptions or in a finally block. */
    IN_HANDLER
  }

  /**
   * Conditions around a call.
   *
   * @param onceStatic it runs at most once in the life of the class: a static flag or null test that the guarded code itself turns
   * @param onceInstance the same with a field of the instance
   * @param sizes origins (positions in the method's table) whose size, emptiness or absence was tested
   */
  public record Guards(boolean onceStatic, boolean onceInstance, int[] sizes) {
    public static final Guards NONE = new Guards(false, false, NOTHING);
  }

  /** Returns the origins of the receiver; none for a static call. */
  public int[] receiver() {
    return isStatic || arguments.isEmpty() ? NOTHING : arguments.get(0);
  }

  /** Returns the origins of the argument at a position of the descriptor, not counting the receiver. */
  public int[] argument(int position) {
    int index = isStatic ? position : position + 1;
    return index < arguments.size() ? arguments.get(index) : NOTHING;
  }
}
