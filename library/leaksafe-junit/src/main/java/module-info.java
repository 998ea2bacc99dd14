/** For tests: what a test leaves behind, assertions about what is collected, and a ticker that a test moves. */
module leaksafe.junit {
  requires static transitive org.jspecify;
  requires transitive leaksafe;
  requires static transitive org.junit.jupiter.api;
  requires static org.junit.platform.launcher;
  requires leaksafe.heap;
  requires java.management;
  requires jdk.management;
  requires jdk.jfr;

  exports leaksafe.junit;

  opens leaksafe.junit.internal to org.junit.platform.commons; // which makes the extension
}
