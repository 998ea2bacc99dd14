package leaksafe.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import leaksafe.Failure;
import leaksafe.testing.Gc;
import leaksafe.testing.NamedModule;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values of a named module that does not open its packages, so that nobody can see whether they reach their keys. */
class ClosedModuleTest {
  private static final String PROGRAM = """
      package acme;

      import java.util.function.UnaryOperator;

      public class Program implements UnaryOperator<Object> {
        record Cart(Object session) {}

        @Override
        public Object apply(Object session) {
          return new Cart(session);
        }
      }
      """;

  private final List<Failure> told = new ArrayList<>();
  private final WeakRegistry<Object, Object> registry = KeyKind.builder().name("carts").failureListener(told::add).build();

  @TempDir
  private Path folder;

  private UnaryOperator<Object> carts;

  @BeforeEach
  @SuppressWarnings("unchecked") // what the program is
  void load() throws Exception {
    carts = (UnaryOperator<Object>) NamedModule.program(folder, PROGRAM);
  }

  @Test
  void that_a_value_is_not_checked_is_told_once_with_the_cure() {
    for (int i = 0; i < 3; i++) {
      registry.put(new KeyKind.Plain(), carts.apply("nobody"));
    }
    assertThat(told).singleElement().satisfies(failure -> assertThat(failure.cause()).hasMessage("carts: whether a value keeps its key is not checked, "
        + "for field session of acme.Program$Cart is closed; open acme to the module leaksafe, let the keys implement Attachable, or say "
        + "onCycle(CyclePolicy.ALLOW)"));
  }

  @Test
  void one_that_is_reached_through_what_is_open_is_not_told_of_and_may_keep_its_key() {
    KeyKind.Plain key = new KeyKind.Plain();
    registry.put(key, List.of(carts.apply(key)));
    assertThat(told).isEmpty();
    assertThatThrownBy(() -> registry.put(key, List.of(carts.apply("nobody"), key))).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void one_that_lives_in_its_key_goes_with_it() {
    List<WeakReference<Object>> dropped = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      KeyKind.Own key = new KeyKind.Own();
      registry.put(key, carts.apply(key));
      dropped.add(new WeakReference<>(key));
    }
    Gc.awaitCleared(dropped);
    assertThat(told).isEmpty();
    Reference.reachabilityFence(registry);
  }
}
