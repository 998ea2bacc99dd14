package leaksafe.samples;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.cache.Cache;
import leaksafe.cache.HeapUse;
import leaksafe.cache.MemoryPressure;

/**
 * The trouble: a maximum that is right for most days, and too large for the one on which the rest of the program needs the heap. The cure: a
 * cache that makes room when the heap is full after a collection, and takes it back later.
 */
public final class Sample25_MemoryPressure {

  private Sample25_MemoryPressure() {}

  /** Shows the cure, with the figures of a heap that is not there: leave out {@code heap} for those of this virtual machine. */
  public static void main(String[] args) throws InterruptedException {
    AtomicReference<HeapUse> heap = new AtomicReference<>(new HeapUse(40, 50, 100, 1));
    Cache<Integer, String> cache = Cache.<Integer, String>builder().name("pages").maximumSize(1000)
        .memoryPressure(MemoryPressure.builder().threshold(0.8).relief(0.6).shrinkBy(0.5).growBy(0.5).interval(Duration.ofMillis(10))
            .heap(heap::get).listener(step -> System.out.println("  " + step)).build())
        .build();
    for (int i = 0; i < 1000; i++) {
      cache.put(i, "page " + i);
    }

    System.out.println("The heap is full after a collection: the cache gives way");
    heap.set(new HeapUse(90, 95, 100, 2));
    while (cache.policy().maximum().getAsLong() > 500) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    System.out.println("  " + cache.policy().pressure().get());

    System.out.println("The heap has room again: so has the cache");
    heap.set(new HeapUse(30, 40, 100, 3));
    while (cache.policy().maximum().getAsLong() < 1000) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    System.out.println("  " + cache.policy().pressure().get());
  }
}
