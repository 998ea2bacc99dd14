package leaksafe.heap.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The stacks of a dump: frames by id, traces by serial number. Bounded, so that a damaged dump cannot fill the heap with them. */
final class StackTraces {
  private static final int MOST = 1 << 20;

  private record Frame(long methodName, int classSerial, int line) {}

  private final Map<Long, Frame> frames = new HashMap<>();
  private final Map<Integer, long[]> traces = new HashMap<>();
  private final Map<Integer, Long> classNames = new HashMap<>();
  private long kept;

  void frame(long id, long methodName, int classSerial, int line) {
    if (kept++ < MOST) {
      frames.put(id, new Frame(methodName, classSerial, line));
    }
  }

  void trace(int serial, long[] frameIds) {
    kept += frameIds.length;
    if (kept < MOST) {
      traces.put(serial, frameIds);
    }
  }

  void className(int serial, long name) {
    classNames.putIfAbsent(serial, name);
  }

  /** Returns the frames of a trace, innermost first, for example {@code java.lang.Thread.run:840}. */
  List<String> text(int serial, Names names) {
    long[] ids = traces.getOrDefault(serial, new long[0]);
    List<String> text = new ArrayList<>();
    for (long id : ids) {
      Frame frame = frames.get(id);
      if (frame != null) {
        Long type = classNames.get(frame.classSerial());
        String line = frame.line() > 0 ? ":" + frame.line() : frame.line() == -3 ? " (native)" : "";
        text.add((type == null ? "?" : Types.readable(names.get(type))) + "." + names.get(frame.methodName()) + line);
      }
    }
    return text;
  }
}
