package leaksafe.resource.internal;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Threads in words. */
public final class ThreadTexts {

  private ThreadTexts() {}

  /** Returns up to so many frames of where a thread is now, innermost first. */
  public static String stack(Thread thread, int frames) {
    StackTraceElement[] stack = thread.getStackTrace();
    return stack.length == 0
        ? "an unknown place"
        : Arrays.stream(stack).limit(frames).map(StackTraceElement::toString).collect(Collectors.joining(" < "));
  }
}
