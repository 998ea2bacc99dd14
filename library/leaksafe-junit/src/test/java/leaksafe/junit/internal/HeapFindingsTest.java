package leaksafe.junit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which paths of the heap are no findings however they grow. */
class HeapFindingsTest {

  @Test
  void what_the_jvm_opens_or_resolves_at_first_use_is_no_leak_and_a_loader_of_users_is() {
    assertThat(HeapFindings.isFirstUse("com.acme.Shop <loader> -> ClassLoaders$AppClassLoader.ucp -> URLClassPath.lmap -> HashMap.table -> HashMap$Node[][*]"
        + " -> HashMap$Node")).isTrue();
    assertThat(HeapFindings.isFirstUse("com.acme.Shop <resolved_references> -> Object[][*] -> String")).isTrue();
    assertThat(HeapFindings.isFirstUse("com.acme.Shop.LOADERS -> ArrayList.elementData -> Object[][*] -> URLClassLoader.ucp -> URLClassPath.lmap")).isFalse();
    assertThat(HeapFindings.isFirstUse("com.acme.Shop.ORDERS -> HashMap.table -> HashMap$Node[][*] -> HashMap$Node")).isFalse();
  }
}
