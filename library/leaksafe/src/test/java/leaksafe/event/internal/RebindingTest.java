package leaksafe.event.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import leaksafe.event.Listener;
import org.junit.jupiter.api.Test;

class RebindingTest {

  /** With a default method that has a lambda in it, which the compiler makes a method of the interface. */
  interface Named {
    List<Object> seen();

    default Listener<Object> listener() {
      return e -> seen().add(e);
    }
  }

  record Owner(List<Object> seen) implements Named {
    void on(Object event) {
      seen.add(event);
    }
  }

  private static BiConsumer<Object, Object> rebuilt(Owner owner, Listener<Object> listener) {
    Rebinding lambda = Rebinding.of(listener);
    assertThat(lambda).isNotNull();
    return lambda.withoutOwner(owner, "path");
  }

  private static BiConsumer<Object, Object> lambdaOf(Owner owner) {
    return rebuilt(owner, e -> owner.on(e));
  }

  private static BiConsumer<Object, Object> methodOf(Owner owner) {
    return rebuilt(owner, owner::on);
  }

  @Test
  void a_lambda_in_the_code_is_rebuilt_once_for_all_owners() {
    Owner one = new Owner(new ArrayList<>());
    Owner two = new Owner(new ArrayList<>());
    assertThat(lambdaOf(one)).isSameAs(lambdaOf(two));
    assertThat(methodOf(one)).isSameAs(methodOf(two)).isNotSameAs(lambdaOf(one));
    assertThat(Held.isFieldless(lambdaOf(one))).isTrue();
  }

  @Test
  void a_lambda_of_an_interface_is_rebuilt() {
    Owner owner = new Owner(new ArrayList<>());
    rebuilt(owner, owner.listener()).accept(owner, "event");
    assertThat(owner.seen).containsExactly("event");
  }

  @Test
  void captures_of_every_kind_find_their_places() {
    Owner owner = new Owner(new ArrayList<>());
    long number = System.nanoTime();
    String text = "text";
    byte small = 3;
    rebuilt(owner, e -> owner.on(List.of(number, text, small, e))).accept(owner, "event");
    assertThat(owner.seen).containsExactly(List.of(number, text, small, "event"));
  }

  @Test
  void what_is_no_lambda_is_not_taken_apart() {
    assertThat(Rebinding.of(new Listener<>() {
      private static final long serialVersionUID = 1L;

      @Override
      public void accept(Object event) {}
    })).isNull();
  }
}
