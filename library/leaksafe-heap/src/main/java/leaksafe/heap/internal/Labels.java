package leaksafe.heap.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The names of fields and of the other ways from object to object, as small numbers. */
final class Labels {
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> texts = new ArrayList<>();

  final int element = of("[*]");
  final int type = of("<class>");
  final int superclass = of("<superclass>");
  final int loader = of("<loader>");
  final int signers = of("<signers>");
  final int domain = of("<domain>");

  int of(String text) {
    Integer known = numbers.putIfAbsent(text, texts.size());
    if (known != null) {
      return known;
    }
    texts.add(text);
    return texts.size() - 1;
  }

  String text(int label) {
    return texts.get(label);
  }

  int size() {
    return texts.size();
  }
}
