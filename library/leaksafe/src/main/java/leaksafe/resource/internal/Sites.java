package leaksafe.resource.internal;

import java.lang.StackWalker.StackFrame;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import leaksafe.internal.CallSite;

/**
 * Who opened resources, as text that is made once for each site: walking the stack costs half of what it costs to describe it, and a site
 * that was seen is found by a hash of 64 bits of the classes' names, the methods and the places in them. Text alone; at most {@value
 * #MOST} sites are remembered, and others are described each time.
 */
final class Sites {
  private static final int FRAMES = 3;
  private static final int MOST = 4096;
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  // So many frames are fetched at once: ours, the resource's constructor, and those that are wanted.
  private static final StackWalker WALKER = StackWalker.getInstance(Set.of(StackWalker.Option.RETAIN_CLASS_REFERENCE), 8);

  private static final ConcurrentMap<Long, String> KNOWN = new ConcurrentHashMap<>();

  private Sites() {}

  /** Returns the frames that opened a resource of a class, without those of the class itself. */
  static String openerOf(Class<?> resource) {
    Long hash = WALKER.walk(frames -> hash(frames, resource));
    String known = KNOWN.get(hash);
    if (known != null) {
      return known;
    }
    String text = CallSite.captureCallerOf(resource, FRAMES);
    if (KNOWN.size() < MOST) {
      KNOWN.put(hash, text);
    }
    return text;
  }

  private static long hash(Stream<StackFrame> frames, Class<?> resource) {
    long hash = resource.getName().hashCode();
    int left = FRAMES;
    Iterator<StackFrame> iterator = frames.iterator();
    while (left > 0 && iterator.hasNext()) {
      StackFrame frame = iterator.next();
      Class<?> type = frame.getDeclaringClass();
      if (left < FRAMES || !(CallSite.isOurs(type) || type.isAssignableFrom(resource))) {
        hash = mix(hash, type.getName().hashCode());
        hash = mix(hash, frame.getMethodName().hashCode());
        hash = mix(hash, frame.getDescriptor().hashCode());
        hash = mix(hash, frame.getByteCodeIndex());
        left--;
      }
    }
    return hash;
  }

  private static long mix(long hash, int value) {
    long mixed = (hash ^ value) * MULTIPLIER;
    return mixed ^ mixed >>> 29;
  }
}
