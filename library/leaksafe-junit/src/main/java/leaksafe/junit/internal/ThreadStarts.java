package leaksafe.junit.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/** Who started the threads of a task: the flight recorder knows the stack that did, which the JVM does not tell otherwise. */
final class ThreadStarts {
  private static final String EVENT = "jdk.ThreadStart";
  private static final int FRAMES = 3;

  private ThreadStarts() {}

  /** Runs the task, and returns for the id of each thread that it started the lines that started it, without those of the JDK. */
  static Map<Long, String> during(Runnable task) throws IOException {
    Path file = Files.createTempFile("leaksafe-threads", ".jfr");
    try (Recording recording = new Recording()) {
      recording.enable(EVENT).withStackTrace();
      recording.start();
      task.run();
      recording.stop();
      recording.dump(file);
      return read(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static Map<Long, String> read(Path file) throws IOException {
    Map<Long, String> starts = new HashMap<>();
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      RecordedThread thread = event.getEventType().getName().equals(EVENT) ? event.getThread("thread") : null;
      if (thread != null && event.getStackTrace() != null) {
        starts.put(thread.getJavaThreadId(), text(event.getStackTrace().getFrames()));
      }
    }
    return starts;
  }

  private static String text(List<RecordedFrame> frames) {
    List<RecordedFrame> users = frames.stream().filter(frame -> frame.isJavaFrame() && !Names.isOfPlatform(frame.getMethod().getType().getName())).toList();
    return (users.isEmpty() ? frames : users).stream().limit(FRAMES).map(ThreadStarts::text).collect(Collectors.joining(" < "));
  }

  private static String text(RecordedFrame frame) {
    String type = frame.getMethod().getType().getName();
    String outer = type.indexOf('$') < 0 ? type : type.substring(0, type.indexOf('$'));
    // The recorder does not keep the name of the file; by convention it is that of the outermost class.
    return type + "." + frame.getMethod().getName() + "(" + outer.substring(outer.lastIndexOf('.') + 1) + ".java:" + frame.getLineNumber() + ")";
  }
}
