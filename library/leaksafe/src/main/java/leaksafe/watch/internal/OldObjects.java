package leaksafe.watch.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedObject;
import jdk.jfr.consumer.RecordingFile;
import leaksafe.watch.LiveObject;
import org.jspecify.annotations.Nullable;

/** Reads the JVM's samples of old objects from a dump of their recording. */
final class OldObjects {
  private static final int LONGEST_CHAIN = 20;
  private static final int FRAMES = 16;

  private OldObjects() {}

  static List<LiveObject> dump(Recording recording) {
    Path file = null;
    try {
      file = Files.createTempFile("leaksafe-old-objects", ".jfr");
      recording.dump(file);
      return read(file);
    } catch (IOException e) {
      throw new IllegalStateException("the recording of old objects could not be written to and read from a temporary file", e);
    } finally {
      delete(file);
    }
  }

  private static void delete(@Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      file.toFile().deleteOnExit(); // somebody looks at it
    }
  }

  private static List<LiveObject> read(Path file) throws IOException {
    // By the latest dump: one recording may have been dumped before, and each dump samples anew.
    List<RecordedEvent> events = new ArrayList<>();
    try (RecordingFile recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        RecordedEvent event = recording.readEvent();
        if (event.getEventType().getName().equals("jdk.OldObjectSample")) {
          events.add(event);
        }
      }
    }
    RecordedEvent last = events.stream().max(Comparator.comparing(RecordedEvent::getStartTime)).orElse(null);
    if (last == null) {
      return List.of();
    }
    return events.stream().filter(event -> event.getStartTime().equals(last.getStartTime()))
        .map(event -> live(event)).sorted(Comparator.comparing(LiveObject::age).reversed()).toList();
  }

  private static LiveObject live(RecordedEvent event) {
    RecordedObject object = event.getValue("object");
    RecordedObject root = event.getValue("root");
    RecordedClass type = object.getValue("type");
    return new LiveObject(type == null ? "unknown" : SiteTable.nameOf(type),
        Duration.between(event.getInstant("allocationTime"), event.getStartTime()), SiteTable.stack(event.getStackTrace(), FRAMES), chain(object),
        root == null ? "" : root.getString("system") + ": " + root.getString("type"));
  }

  private static String chain(RecordedObject first) {
    StringBuilder text = new StringBuilder();
    RecordedObject object = first;
    for (int i = 0; object != null && i < LONGEST_CHAIN; i++) {
      RecordedClass type = object.getValue("type");
      text.append(type == null ? "?" : SiteTable.nameOf(type));
      String description = object.getString("description");
      if (description != null) {
        text.append(" {").append(description).append('}');
      }
      RecordedObject referrer = object.getValue("referrer");
      if (referrer == null) {
        break;
      }
      object = referrer.getValue("object");
      text.append(" <- ").append(place(referrer));
    }
    return text.toString();
  }

  /** Returns what of the referrer, whose class comes next, refers: {@code field value of}, {@code [17] of}. */
  private static String place(RecordedObject referrer) {
    RecordedObject field = referrer.getValue("field");
    RecordedObject array = referrer.getValue("array");
    int skipped = referrer.getInt("skip");
    return (field != null ? field.getString("name") + " of " : array != null ? "[" + array.getInt("index") + "] of " : "")
        + (skipped > 0 ? "(" + skipped + " left out) " : "");
  }
}
