package leaksafe.watch.internal;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import leaksafe.watch.ClassCount;
import leaksafe.watch.HeapSnapshot;

/**
 * Reads how many instances the largest classes have. A class that is once among the largest stays until it is not even among twice as many, so
 * that those at the border do not lose their history each time. Names and numbers only.
 */
final class ClassSeries {
  private final int largest; // 0 for none
  private final Predicate<String> names;
  private final Supplier<HeapSnapshot> histogram;
  private final ReentrantLock lock = new ReentrantLock();
  private Set<String> followed = Set.of(); // guarded by lock

  ClassSeries(int largest, Predicate<String> names, Supplier<HeapSnapshot> histogram) {
    this.largest = largest;
    this.names = names;
    this.histogram = histogram;
  }

  /** Takes a histogram and reads it. Calls users' code. */
  void read(Map<Key, Reading> into) {
    if (largest == 0) {
      return;
    }
    List<ClassCount> counts = histogram.get().classes().stream().filter(count -> names.test(count.className()))
        .limit(2L * largest).toList();
    lock.lock();
    try {
      Set<String> now = new HashSet<>();
      for (int i = 0; i < counts.size(); i++) {
        ClassCount count = counts.get(i);
        if (i < largest || followed.contains(count.className())) {
          now.add(count.className());
          into.put(new Key("class", count.className(), ""), Reading.of(count.instances()));
        }
      }
      followed = now;
    } finally {
      lock.unlock();
    }
  }
}
