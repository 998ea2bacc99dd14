package leaksafe.heap.internal;

import java.util.List;

/** One step of a path: by which field, to which class. */
record Step(String label, String type, boolean classObject) {
  /** The label of class objects that are roots. */
  static final String CLASS_ROOT = "<class of a built-in loader>";

  /** Returns the path as one line. */
  static String text(List<Step> steps) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (i == 0) {
        if (!step.label.equals(CLASS_ROOT)) {
          text.append(step.label).append(' ');
        }
        text.append(step.type);
        continue;
      }
      boolean special = step.label.startsWith("<") || step.label.startsWith("[");
      text.append(special ? step.label.startsWith("<") ? " " : "" : ".").append(step.label).append(" -> ");
      text.append(step.classObject ? "class " + step.type : ClassInfo.simple(step.type));
    }
    return text.toString();
  }
}
