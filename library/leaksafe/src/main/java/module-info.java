/** Memory and resource leaks: hard to write, easy to see, impossible to miss in tests. */
module leaksafe {
  requires static transitive org.jspecify;

  exports leaksafe;
  exports leaksafe.resource;
  exports leaksafe.pool;
  exports leaksafe.registry;
  exports leaksafe.cache;
}
