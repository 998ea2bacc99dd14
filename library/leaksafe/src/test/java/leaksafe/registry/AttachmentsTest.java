package leaksafe.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import leaksafe.testing.Seeded;
import org.junit.jupiter.api.Test;

class AttachmentsTest {
  private final Attachments attachments = new Attachments();
  private final Object key = new Object();

  @Test
  void an_unused_one_has_no_owner_and_no_slots() {
    assertThat(attachments.owner()).isNull();
    assertThat(attachments.slots()).isZero();
    assertThat(attachments.find(new Object(), key)).isNull();
  }

  @Test
  void each_token_has_a_slot_of_its_own() {
    Object first = new Object();
    Object second = new Object();
    Object third = new Object();
    attachments.findOrAdd(first, key).setValue(1);
    attachments.findOrAdd(second, key).setValue(2);
    attachments.findOrAdd(third, key).setValue(3);
    assertThat(attachments.find(first, key).value()).isEqualTo(1);
    assertThat(attachments.find(second, key).value()).isEqualTo(2);
    assertThat(attachments.find(third, key).value()).isEqualTo(3);
    assertThat(attachments.findOrAdd(second, key)).isSameAs(attachments.find(second));
    assertThat(attachments.slots()).isEqualTo(3);
  }

  @Test
  void behaves_like_a_map_from_token_to_value() {
    Seeded.check(50, random -> {
      Attachments tested = new Attachments();
      Map<Object, Object> model = new HashMap<>();
      List<Object> tokens = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        if (tokens.isEmpty() || random.nextInt(8) == 0) {
          tokens.add(new Object());
        }
        Object token = tokens.get(random.nextInt(tokens.size()));
        if (random.nextInt(4) == 0) {
          // A token that was given back is not used again, as a registry that is gone.
          tested.giveBack(token);
          model.remove(token);
          tokens.remove(token);
        } else {
          Object value = i;
          assertThat(tested.findOrAdd(token, key).setValue(value)).isEqualTo(model.put(token, value));
        }
        for (Object each : tokens) {
          Slot slot = tested.find(each, key);
          assertThat(slot == null ? null : slot.value()).isEqualTo(model.get(each));
        }
      }
      tokens.forEach(tested::giveBack);
      assertThat(tested.slots()).isLessThanOrEqualTo(1);
    });
  }

  @Test
  void tokens_that_come_and_go_at_once_do_not_disturb_each_other() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        tasks.add(() -> {
          for (int i = 0; i < 5_000; i++) {
            Object token = new Object();
            attachments.findOrAdd(token, key).setValue(token);
            Thread.yield();
            if (attachments.find(token, key).value() != token) {
              return false;
            }
            attachments.giveBack(token);
          }
          return true;
        });
      }
      for (Future<Boolean> result : threads.invokeAll(tasks)) {
        assertThat(result.get()).isTrue();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(attachments.slots()).isEqualTo(1); // the first, whose token stays
    assertThat(attachments.value()).isNull();
  }

  @Test
  void those_of_another_object_are_refused() {
    attachments.findOrAdd(new Object(), "first");
    assertThatThrownBy(() -> attachments.findOrAdd(new Object(), 2)).isInstanceOf(IllegalStateException.class)
        .hasMessage("attachments() of a java.lang.Integer returned the Attachments of another object (a java.lang.String): "
            + "each object needs a field of its own; was it cloned, or is the field static?");
    assertThatThrownBy(() -> attachments.find(new Object(), 2)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void nothing_of_the_contents_is_serialized() throws Exception {
    Object token = new Object();
    attachments.findOrAdd(token, key).setValue(new Object());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(attachments);
    }
    Attachments copy;
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      copy = (Attachments) in.readObject();
    }
    assertThat(copy.slots()).isZero();
    Object other = new Object();
    copy.findOrAdd(token, other).setValue("usable");
    assertThat(copy.find(token, other).value()).isEqualTo("usable");
  }
}
