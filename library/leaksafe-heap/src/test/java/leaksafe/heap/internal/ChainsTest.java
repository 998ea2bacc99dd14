package leaksafe.heap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChainsTest {
  private record Node(long id, long next, boolean hasElement) {}

  /** Queues of known lengths whose nodes come in every order, to several threads. */
  @Test
  void lengths_do_not_depend_on_the_order_of_the_nodes() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    for (int run = 0; run < 50; run++) {
      int queues = 1 + random.nextInt(8);
      List<Node> nodes = new ArrayList<>();
      List<Long> heads = new ArrayList<>();
      List<Integer> lengths = new ArrayList<>();
      long id = 8;
      for (int q = 0; q < queues; q++) {
        int length = random.nextInt(200);
        heads.add(id);
        lengths.add(length);
        for (int i = 0; i <= length; i++, id += 8) {
          nodes.add(new Node(id, i == length ? 0 : id + 8, i > 0));
        }
        nodes.add(new Node(id, id, false)); // taken out, refers to itself
        id += 8;
      }
      switch (run % 3) {
        case 0 -> Collections.shuffle(nodes, random);
        case 1 -> Collections.reverse(nodes);
        default -> {}
      }
      List<Chains> threads = List.of(new Chains(), new Chains(), new Chains());
      for (Node node : nodes) {
        threads.get(run % 2 == 0 ? 0 : random.nextInt(3)).add(node.id, node.next, node.hasElement);
      }
      Chains all = Chains.joined(threads);
      for (int q = 0; q < queues; q++) {
        assertThat(all.length(heads.get(q))).as("seed %d, run %d, queue %d", seed, run, q).isEqualTo(lengths.get(q));
      }
      assertThat(all.isComplete()).isTrue();
    }
  }

  @Test
  void long_queues_that_grow_in_turns_are_counted_in_bounded_memory() {
    Chains chains = new Chains();
    int length = 200_000;
    for (int i = 0; i < length; i++) {
      for (int queue = 1; queue <= 7; queue++) {
        chains.add(queue * 1_000_000_000L + 8L * i, i == length - 1 ? 0 : queue * 1_000_000_000L + 8L * (i + 1), true);
      }
    }
    Chains all = Chains.joined(List.of(chains));
    for (int queue = 1; queue <= 7; queue++) {
      assertThat(all.length(queue * 1_000_000_000L)).isEqualTo(length);
    }
  }

  @Test
  void nodes_without_order_say_that_they_were_too_many() {
    Chains chains = new Chains();
    for (long i = 1; i < 1_000_000; i++) {
      chains.add(i * 16, 8, true);
    }
    assertThat(Chains.joined(List.of(chains)).isComplete()).isFalse();
  }

  @Test
  void a_ring_ends() {
    Chains chains = new Chains();
    for (int i = 0; i < 100; i++) {
      chains.add(8 + 8 * i, 8 + 8 * ((i + 37) % 100), true);
    }
    assertThat(Chains.joined(List.of(chains)).length(8)).isBetween(0, 100);
  }
}
