package leaksafe.junit.internal;

import java.io.IOException;
import java.io.InputStream;
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
import org.jspecify.annotations.Nullable;

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
    return type + "." + frame.getMethod().getName() + "(" + file(type) + ":" + frame.getLineNumber() + ")";
  }

  /** Returns the file of a class. The recorder does not keep it, so the class file is asked; where it is not found, it is by convention that of the outermost class. */
  private static String file(String type) {
    @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();
    try (InputStream in = loader == null ? null : loader.getResourceAsStream(type.replace('.', '/') + ".class")) {
      if (in != null) {
        return ClassFileReader.sourceFile(in.readAllBytes());
      }
    } catch (IOException e) {
      // Not to be read: the convention is the better guess.
    }
    String outer = type.indexOf('$') < 0 ? type : type.substring(0, type.indexOf('$'));
    return outer.substring(outer.lastIndexOf('.') + 1) + ".java";
  }
}
