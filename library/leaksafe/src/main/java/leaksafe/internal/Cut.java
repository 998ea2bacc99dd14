package leaksafe.internal;

/** Cuts what is too long. */
public final class Cut {
  private static final String MORE = "...";

  private Cut() {}

  /** Returns the text, or as much of its beginning as fits together with a mark, and no half of a surrogate pair. */
  public static String at(int most, String text) {
    if (text.length() <= most) {
      return text;
    }
    int end = most - MORE.length();
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + MORE;
  }
}
