/** Memory and resource leaks: hard to write, easy to see, impossible to miss in tests. */
module leaksafe {
  requires static transitive org.jspecify;
  requires static transitive java.logging; // for the handlers of leaksafe.log alone

  exports leaksafe;
  exports leaksafe.log;
  exports leaksafe.resource;
  exports leaksafe.pool;
  exports leaksafe.registry;
  exports leaksafe.cache;
}
