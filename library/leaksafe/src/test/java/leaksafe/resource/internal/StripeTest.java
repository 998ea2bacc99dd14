package leaksafe.resource.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import leaksafe.FailureListener;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;

/** Where the places of a tracker come from, and where they go. */
class StripeTest {
  private static final int CHUNKS = 10;

  private Stripe stripe = new Stripe(new TrackerCore("tracker", "resource", "site", 0, null, FailureListener.logging()));
  private final List<Place> taken = new ArrayList<>();

  private record Place(Chunk chunk, int slot) {}

  private void take(int places) {
    for (int i = 0; i < places; i++) {
      Chunk chunk = stripe.current();
      int slot = chunk.claim();
      while (slot < 0) {
        chunk = stripe.next(chunk);
        slot = chunk.claim();
      }
      taken.add(new Place(chunk, slot));
    }
  }

  private void giveBackAllBut(int everyNth) {
    List<Place> kept = new ArrayList<>();
    for (int i = 0; i < taken.size(); i++) {
      Place place = taken.get(i);
      if (i % everyNth == 0) {
        kept.add(place);
      } else {
        stripe.release(place.chunk, place.slot);
      }
    }
    taken.clear();
    taken.addAll(kept);
  }

  @Test
  void places_that_were_given_back_are_taken_again_before_there_are_more() {
    take(CHUNKS * Chunk.SLOTS);
    assertThat(stripe.chunks()).hasSize(CHUNKS);
    for (int round = 0; round < 20; round++) {
      giveBackAllBut(4);
      take(CHUNKS * Chunk.SLOTS - taken.size());
      assertThat(stripe.count()).isEqualTo(CHUNKS * Chunk.SLOTS);
      assertThat(stripe.chunks()).as("round " + round).hasSize(CHUNKS);
      assertThat(taken).doesNotHaveDuplicates();
    }
  }

  @Test
  void a_chunk_that_becomes_half_empty_while_it_is_the_current_one_is_taken_again_later() {
    take(Chunk.SLOTS);
    giveBackAllBut(4); // all of the current chunk
    take(3 * Chunk.SLOTS / 4);
    assertThat(stripe.chunks()).hasSize(1);
    Chunk first = stripe.current();
    Chunk second = stripe.next(first); // as one who found it full a moment ago
    assertThat(second).isNotSameAs(first);
    assertThat(stripe.next(first)).as("one who comes late").isSameAs(second);
    giveBackAllBut(4);
    assertThat(stripe.next(second)).isSameAs(first);
  }

  @Test
  void a_chunk_that_is_half_empty_when_it_is_left_is_taken_again_later() {
    take(Chunk.HALF);
    Chunk first = stripe.current();
    Chunk second = stripe.next(first); // as one who found it full a moment ago
    assertThat(stripe.next(second)).isSameAs(first);
  }

  @Test
  void empty_chunks_are_dropped_and_the_current_one_stays() {
    take(CHUNKS * Chunk.SLOTS);
    Chunk first = taken.get(0).chunk;
    giveBackAllBut(Integer.MAX_VALUE); // of the first chunk one is left
    stripe.sweep();
    assertThat(stripe.chunks()).containsExactly(first, stripe.current());
    assertThat(stripe.count()).isEqualTo(1);
    take(2 * Chunk.SLOTS);
    assertThat(stripe.chunks()).hasSize(3);
    assertThat(stripe.count()).isEqualTo(2 * Chunk.SLOTS + 1);
  }

  /** A chunk that has something done by another thread, as far as that comes, in the midst of counting. */
  private static final class Counted extends Chunk {
    private final AtomicReference<Runnable> meanwhile;

    Counted(Stripe stripe, AtomicReference<Runnable> meanwhile) {
      super(stripe);
      this.meanwhile = meanwhile;
    }

    @Override
    int count() {
      Runnable task = meanwhile.getAndSet(null);
      if (task != null) {
        Thread other = new Thread(task);
        other.start();
        Gc.awaitWithoutGc("it waits or is done",
            () -> other.getState() == Thread.State.WAITING || other.getState() == Thread.State.TERMINATED);
      }
      return super.count();
    }
  }

  @Test
  void no_chunk_is_dropped_while_they_are_counted() {
    AtomicReference<Runnable> meanwhile = new AtomicReference<>();
    stripe = new Stripe(stripe.core, one -> new Counted(one, meanwhile));
    take(CHUNKS * Chunk.SLOTS);
    giveBackAllBut(Integer.MAX_VALUE);
    meanwhile.set(stripe::sweep);
    assertThat(stripe.count()).isEqualTo(1);
    assertThat(meanwhile).hasNullValue();
    Gc.awaitWithoutGc("they are dropped afterwards", () -> stripe.chunks().size() == 2);
  }

  @Test
  void a_chunk_that_was_dropped_has_no_place() {
    take(2 * Chunk.SLOTS);
    Chunk first = taken.get(0).chunk;
    giveBackAllBut(Chunk.SLOTS + 1); // the first of the first chunk is left, and the second of the second one
    stripe.release(first, taken.get(0).slot);
    stripe.sweep();
    assertThat(first.claim()).isEqualTo(-1);
    assertThat(stripe.next(first)).as("for one who still looks there").isSameAs(stripe.current());
  }
}
