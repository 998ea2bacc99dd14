package leaksafe.lint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A rule's name and page.
 *
 * @param id its number, such as {@code LS002}
 * @param name the fault, in one word
 * @param title the fault, in one sentence
 */
public record Rule(String id, String name, String title) {

  /** Returns the page: what the rule finds, why it leaks, how to fix it, what it cannot see. Markdown. */
  public String page() {
    try (InputStream in = Rule.class.getResourceAsStream("rules/" + id + ".md")) {
      if (in == null) {
        throw new IllegalStateException("the page of " + id + " is missing from the jar: leaksafe/lint/rules/" + id + ".md");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
