package leaksafe.lab.run;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a child tells its parent, one line each on its standard output. Anything else there is the JVM's own talk. */
sealed interface Message {
  /** The marker in front of every line that is for the parent. */
  String MARK = "@lab ";

  /** The heap before the work began, in bytes. */
  record Base(long bytes) implements Message {}

  /** The heap after a collection during the work. */
  record Collected(HeapSample sample) implements Message {}

  /** The heap when the work was over and every collection had had its time. */
  record Settled(HeapSample sample) implements Message {}

  /** How far it is. */
  record Progress(long operations) implements Message {}

  /** The growth monitor said that something grows. */
  record Grown(Named named) implements Message {}

  /** The exception that ended the scenario. */
  record Failed(String what) implements Message {}

  /** Returns the line for a message. */
  static String line(Message message) {
    String body;
    if (message instanceof Base base) {
      body = "base " + base.bytes;
    } else if (message instanceof Collected collected) {
      body = "collected " + fields(collected.sample);
    } else if (message instanceof Settled settled) {
      body = "settled " + fields(settled.sample);
    } else if (message instanceof Progress progress) {
      body = "progress " + progress.operations;
    } else if (message instanceof Grown grown) {
      Named named = grown.named;
      body = "grown " + named.millis() + " " + named.count() + " " + named.name() + " " + named.kind();
    } else {
      body = "failed " + ((Failed) message).what.replaceAll("\\R", " ");
    }
    return MARK + body;
  }

  private static String fields(HeapSample sample) {
    return sample.millis() + " " + sample.bytes() + " " + sample.operations() + " " + sample.kind().name().toLowerCase(Locale.ROOT);
  }

  /** Returns the message of a line, or null if the line is none, or was cut off when the child died. */
  static @Nullable Message parse(String line) {
    if (!line.startsWith(MARK)) {
      return null;
    }
    String[] words = line.substring(MARK.length()).split(" ", 2);
    try {
      return switch (words[0]) {
        case "base" -> new Base(Long.parseLong(words[1]));
        case "progress" -> new Progress(Long.parseLong(words[1]));
        case "collected" -> new Collected(sample(words[1]));
        case "settled" -> new Settled(sample(words[1]));
        case "grown" -> new Grown(named(words[1]));
        case "failed" -> new Failed(words[1]);
        default -> null;
      };
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      return null;
    }
  }

  private static Named named(String fields) {
    String[] words = fields.split(" ", 4);
    return new Named(Long.parseLong(words[0]), words[3], words[2], Long.parseLong(words[1]));
  }

  private static HeapSample sample(String fields) {
    String[] words = fields.split(" ");
    return new HeapSample(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]),
        HeapSample.Kind.valueOf(words[3].toUpperCase(Locale.ROOT)));
  }
}
