/** Has the census ask caches of other libraries, each of which is optional. */
module leaksafe.caches {
  requires static transitive org.jspecify;
  requires transitive leaksafe;
  requires static transitive com.github.benmanes.caffeine;
  requires static transitive com.google.common;

  exports leaksafe.caches;
}
