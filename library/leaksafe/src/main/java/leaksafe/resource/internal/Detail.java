package leaksafe.resource.internal;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.stream.Stream;
import leaksafe.LeakListener;
import leaksafe.internal.CallSite;
import leaksafe.internal.Cut;
import org.jspecify.annotations.Nullable;

/** What is known of a sampled object, or of one whose class is not the usual one of its tracker. Text, apart from the action. */
final class Detail {
  private static final int NEWEST = 7;
  private static final int LONGEST = 200;
  private static final AtomicReferenceFieldUpdater<Detail, Notes> NOTES =
      AtomicReferenceFieldUpdater.newUpdater(Detail.class, Notes.class, "notes");

  final String what;
  final @Nullable String site; // null if not sampled
  final long openedNanos;
  final @Nullable Runnable cleanup;
  final @Nullable LeakListener listener; // null for the tracker's
  private volatile Notes notes = Notes.NONE; // changed through NOTES

  Detail(String what, @Nullable String site, @Nullable Runnable cleanup, @Nullable LeakListener listener) {
    this.what = what;
    this.site = site;
    this.openedNanos = System.nanoTime();
    this.cleanup = cleanup;
    this.listener = listener;
  }

  private record Notes(List<String> first, List<String> newest, int count) {
    static final Notes NONE = new Notes(List.of(), List.of(), 0);

    Notes plus(String note) {
      if (first.isEmpty()) {
        return new Notes(List.of(note), List.of(), 1);
      }
      List<String> kept = newest.size() < NEWEST ? newest : newest.subList(1, NEWEST);
      return new Notes(first, Stream.concat(kept.stream(), Stream.of(note)).toList(), count + 1);
    }

    List<String> list() {
      int left = count - first.size() - newest.size();
      return Stream.of(first, left > 0 ? List.of("... " + left + " more ...") : List.<String>of(), newest)
          .flatMap(List::stream).toList();
    }
  }

  void note(String hint) {
    if (site == null) {
      return;
    }
    String text = Cut.at(LONGEST, hint) + " at " + CallSite.capture(2);
    NOTES.updateAndGet(this, seen -> seen.plus(text));
  }

  List<String> notes() {
    return notes.list();
  }
}
