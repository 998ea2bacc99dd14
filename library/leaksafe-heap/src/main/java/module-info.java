/** Heap dumps: what grew, why it stays, how much it holds. */
module leaksafe.heap {
  requires static transitive org.jspecify;
  requires java.management;
  requires jdk.management;
  requires static jdk.attach;

  exports leaksafe.heap;
}
