package leaksafe.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each planted leak is found, and its report names the line. */
class PlantedLeaksTest {

  static Stream<Class<?>> leaks() {
    return Planted.all().stream();
  }

  @ParameterizedTest
  @MethodSource("leaks")
  void a_planted_leak_is_reported_with_its_line(Class<?> leak) throws IOException {
    List<String> failures = Planted.failures(leak);
    assertThat(failures).singleElement().asString().contains(leak.getSimpleName()).contains("leaves something behind").contains(Planted.line(leak));
  }
}
