/** Memory and resource leaks: hard to write, easy to see, caught by tests. */
@SuppressWarnings("module") // the compiler does not know who the engine is shown to
module leaksafe {
  requires static transitive org.jspecify;
  requires static transitive java.logging; // for the handlers of leaksafe.log alone
  requires static java.management; // for MBeans and what is watched after collections
  requires static jdk.jfr; // for the events of the flight recorder

  exports leaksafe.cache;
  exports leaksafe.census;
  exports leaksafe.event;
  exports leaksafe.log;
  exports leaksafe.memo;
  exports leaksafe.pool;
  exports leaksafe.registry;
  exports leaksafe.resource;
  exports leaksafe.watch;
  exports leaksafe;

  // The workshop that tests look into: they turn the sampling up, wait for the reaper, hear of leaks, ask what is open.
  exports leaksafe.internal to leaksafe.junit, leaksafe.logging;
  exports leaksafe.resource.internal to leaksafe.junit;

  // How text is made of what is logged, and cut (leaksafe.internal), for the same in front of other logging libraries.
  exports leaksafe.log.internal to leaksafe.logging;
}
