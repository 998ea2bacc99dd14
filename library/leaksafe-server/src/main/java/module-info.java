/** A page on the loopback interface that shows containers, their growth and leaks, live. */
module leaksafe.server {
  requires static transitive org.jspecify;
  requires transitive leaksafe;
  requires jdk.httpserver;

  exports leaksafe.server;
}
