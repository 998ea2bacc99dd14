package leaksafe.samples;

import java.util.Random;
import leaksafe.cache.Budget;
import leaksafe.cache.Cache;
import leaksafe.cache.MemoryPressure;

/** The leak: twenty caches, each with a maximum that is harmless alone. The cure: one budget, which goes where it is worth most. */
public final class Sample13_Budget {
  private static final int KILOBYTES = 4096;

  private Sample13_Budget() {}

  /** Shows the cure. */
  public static void main(String[] args) {
    Budget budget = Budget.builder().name("all images").maximumWeight(KILOBYTES)
        .memoryPressure(MemoryPressure.builder().threshold(0.85).listener(step -> System.out.println("  " + step)).build()).build();
    Cache<Integer, byte[]> thumbnails = images("thumbnails", budget);
    Cache<Integer, byte[]> exports = images("exports", budget);

    Random random = new Random(1);
    for (int i = 0; i < 40_000; i++) {
      exports.get(i, key -> new byte[16 << 10]); // each once: nobody asks for an export twice
      int key = (int) Math.abs(random.nextGaussian() * 1000);
      thumbnails.get(key, k -> new byte[2 << 10]);
      if (i % 10_000 == 9_999) {
        System.out.println(budget);
        budget.stats().shares().forEach(share -> System.out.println("  " + share));
      }
    }
    System.out.println("The thumbnails, which are asked for again, have most of it; never was there one kilobyte more than " + KILOBYTES + ".");
  }

  private static Cache<Integer, byte[]> images(String name, Budget budget) {
    return Cache.builder().name(name).budget(budget).weigher((Integer key, byte[] image) -> image.length >> 10).build();
  }
}
