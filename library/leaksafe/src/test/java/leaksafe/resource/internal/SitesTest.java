package leaksafe.resource.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SitesTest {

  private static String here() {
    return Sites.openerOf(List.class);
  }

  private static String there() {
    return Sites.openerOf(List.class);
  }

  @Test
  void every_method_and_every_line_is_a_site_of_its_own_and_the_same_text_each_time() {
    String first = null;
    for (int i = 0; i < 3; i++) {
      String here = here();
      String there = there();
      String next = here();
      assertThat(here).startsWith("leaksafe.resource.internal.SitesTest.here(SitesTest.java:");
      assertThat(there).startsWith("leaksafe.resource.internal.SitesTest.there(SitesTest.java:");
      assertThat(next).as("called from another line").isNotEqualTo(here);
      assertThat(i == 0 || here == first).as("made once").isTrue();
      first = here;
    }
  }
}
