package leaksafe.internal;

/** Writes JSON, RFC 8259. The caller sees to it that what is begun is ended. */
public final class Json {
  private final StringBuilder text = new StringBuilder();
  private boolean first = true; // nothing stands before the next member

  /** Begins an object. */
  public Json begin() {
    separate();
    return open('{');
  }

  /** Begins an object that is a member. */
  public Json beginObject(String name) {
    return key(name).open('{');
  }

  /** Begins a list that is a member. */
  public Json beginList(String name) {
    return key(name).open('[');
  }

  /** Ends an object. */
  public Json end() {
    return close('}');
  }

  /** Ends a list. */
  public Json endList() {
    return close(']');
  }

  /** Writes a text. */
  public Json field(String name, String value) {
    key(name);
    quote(value);
    return this;
  }

  /** Writes a truth value. */
  public Json field(String name, boolean value) {
    key(name).text.append(value);
    return this;
  }

  /** Writes a number; null where JSON has none for it. */
  public Json field(String name, Number value) {
    boolean whole = !(value instanceof Double) || Double.isFinite((Double) value);
    key(name).text.append(whole ? value : null);
    return this;
  }

  private Json key(String name) {
    separate();
    quote(name);
    text.append(':');
    return this;
  }

  private void separate() {
    if (!first) {
      text.append(',');
    }
    first = false;
  }

  private Json open(char bracket) {
    text.append(bracket);
    first = true;
    return this;
  }

  private Json close(char bracket) {
    text.append(bracket);
    first = false;
    return this;
  }

  private void quote(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || c == '\u2028' || c == '\u2029' || Character.isSurrogate(c) && !isPaired(value, i)) {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }

  private static boolean isPaired(String value, int i) {
    char c = value.charAt(i);
    return Character.isHighSurrogate(c) ? i + 1 < value.length() && Character.isLowSurrogate(value.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(value.charAt(i - 1));
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
