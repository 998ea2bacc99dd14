/** Memory and resource leaks: hard to write, easy to see, impossible to miss in tests. */
module leaksafe {
  requires static transitive org.jspecify;
  requires static transitive java.logging; // for the handlers of leaksafe.log alone

  exports leaksafe.cache;
  exports leaksafe.event;
  exports leaksafe.log;
  exports leaksafe.pool;
  exports leaksafe.registry;
  exports leaksafe.resource;
  exports leaksafe;
}
