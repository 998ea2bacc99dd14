package leaksafe.lint.internal.facts;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes generic signatures of fields apart. */
public final class Signatures {
  private Signatures() {}

  /** Returns the type arguments of a class type, as signatures; none if it is raw. */
  public static List<String> arguments(@Nullable String signature) {
    List<String> arguments = new ArrayList<>();
    int start = signature == null ? -1 : signature.indexOf('<');
    if (signature == null || start < 0) {
      return arguments;
    }
    int depth = 0;
    int from = start + 1;
    for (int i = from; i < signature.length(); i++) {
      char c = signature.charAt(i);
      if (c == '<') {
        depth++;
      } else if (c == '>' && depth-- == 0) {
        break;
      } else if (depth == 0 && (c == ';' || c == '*' || i > from && "BCDFIJSZ".indexOf(c) >= 0 && signature.substring(from, i).matches("[+-]?\\[+"))) {
        arguments.add(signature.substring(from, i + 1));
        from = i + 1;
      }
    }
    return arguments;
  }

  /** Returns the names of a class's type parameters, given its signature; none if it has no parameters. */
  public static List<String> parameters(@Nullable String signature) {
    List<String> names = new ArrayList<>();
    if (signature == null || !signature.startsWith("<")) {
      return names;
    }
    int depth = 0;
    int from = 1;
    for (int i = 1; i < signature.length() && !(depth == 0 && signature.charAt(i) == '>'); i++) {
      switch (signature.charAt(i)) {
        case '<' -> depth++;
        case '>' -> depth--;
        case ':' -> {
          if (depth == 0 && from >= 0) {
            names.add(signature.substring(from, i));
            from = -1;
          }
        }
        case ';' -> {
          boolean next = depth == 0 && signature.charAt(i + 1) != ':';
          from = next ? i + 1 : from;
        }
        default -> { }
      }
    }
    return names;
  }

  /** Returns a signature as a source would have it, without packages. */
  public static String readable(String signature) {
    if (signature.equals("*")) {
      return "?";
    }
    if (signature.startsWith("+")) {
      return "? extends " + readable(signature.substring(1));
    }
    if (signature.startsWith("-")) {
      return "? super " + readable(signature.substring(1));
    }
    if (signature.startsWith("[")) {
      return readable(signature.substring(1)) + "[]";
    }
    if (signature.startsWith("T")) {
      return signature.substring(1, signature.length() - 1);
    }
    if (!signature.startsWith("L")) {
      return org.objectweb.asm.Type.getType(signature).getClassName();
    }
    String name = erasure(signature);
    List<String> arguments = arguments(signature).stream().map(Signatures::readable).toList();
    return name.substring(name.lastIndexOf('/') + 1).replace('$', '.')
        + (arguments.isEmpty() ? "" : "<" + String.join(", ", arguments) + ">");
  }

  /** Returns the internal name of the class in a signature; the signature itself for variables, wildcards and arrays. */
  public static String erasure(String signature) {
    String plain = signature.startsWith("+") || signature.startsWith("-") ? signature.substring(1) : signature;
    if (!plain.startsWith("L")) {
      return plain;
    }
    int end = 1;
    while (end < plain.length() && plain.charAt(end) != '<' && plain.charAt(end) != ';') {
      end++;
    }
    return plain.substring(1, end);
  }
}
