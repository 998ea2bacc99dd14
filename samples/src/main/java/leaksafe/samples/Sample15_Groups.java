package leaksafe.samples;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import leaksafe.cache.Cache;

/** The leak: an index of one's own from a product to the pages that show it. The cure: groups, which end with their entries. */
public final class Sample15_Groups {

  private Sample15_Groups() {}

  record Page(String text, List<String> products) {}

  /** Shows both. */
  public static void main(String[] args) {
    System.out.println("The leak: pages are evicted, the index by hand is not told");
    Map<String, Set<Integer>> index = new ConcurrentHashMap<>();
    Cache<Integer, Page> pages = Cache.builder().maximumSize(100).build();
    for (int i = 0; i < 10_000; i++) {
      Page page = page(i);
      pages.put(i, page);
      for (String product : page.products()) {
        index.computeIfAbsent(product, p -> ConcurrentHashMap.newKeySet()).add(i);
      }
    }
    System.out.println("  " + pages.estimatedSize() + " pages, and an index of " + index.values().stream().mapToInt(Set::size).sum());

    System.out.println("The cure: the cache is told the groups of a page");
    Cache<Integer, Page> grouped = Cache.builder().maximumSize(100).groups((Integer number, Page page) -> page.products()).build();
    for (int i = 0; i < 10_000; i++) {
      grouped.put(i, page(i));
    }
    long gone = grouped.invalidateGroup("product 7");
    System.out.println("  " + gone + " pages of product 7 are gone, " + grouped.estimatedSize() + " others stay, and there is nothing else to clean up");

    grouped.put(1, page(1), List.of("front page")); // or each put says its groups
    System.out.println("  " + grouped.invalidateGroup("front page") + " page of the front page is gone");
  }

  private static Page page(int number) {
    return new Page("page " + number, List.of("product " + number % 10, "product " + number % 3));
  }
}
