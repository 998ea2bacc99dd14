/** For tests: assertions about what is collected, and a ticker that a test moves. */
module leaksafe.junit {
  requires static transitive org.jspecify;
  requires transitive leaksafe;

  exports leaksafe.junit;
}
