package leaksafe.census;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.Attribute;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import javax.management.StandardMBean;
import leaksafe.cache.Cache;
import leaksafe.testing.ChildLoader;
import leaksafe.testing.Gc;
import org.junit.jupiter.api.Test;

/** Containers as MBeans. */
class CensusMBeansTest {
  private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

  private static ObjectName name(String type, String name) throws Exception {
    return new ObjectName("leaksafe:type=" + type + ",name=" + ObjectName.quote(name));
  }

  @Test
  void a_cache_is_an_mbean_with_its_figures() throws Exception {
    String odd = "mbean \"orders\", *=?";
    Cache<Integer, String> cache = Cache.<Integer, String>builder().name(odd).maximumSize(10).recordStats().build();
    cache.put(1, "one");
    cache.getIfPresent(1);
    try (CensusMBeans beans = CensusMBeans.register()) {
      ObjectName name = name("Cache", odd);
      assertThat(SERVER.getAttribute(name, "Size")).isEqualTo(1L);
      assertThat(SERVER.getAttribute(name, "Hits")).isEqualTo(1L);
      assertThat(SERVER.getAttribute(name, "Bound")).isEqualTo("maximumSize 10");
      assertThat(SERVER.getAttribute(name, "Unbounded")).isEqualTo(false);
      assertThat((String) SERVER.getAttribute(name, "CreationSite")).contains("CensusMBeansTest.java");
      assertThat(SERVER.getAttributes(name, new String[] {"Name", "Maximum", "Nonsense"}).asList())
          .containsExactly(new Attribute("Name", odd), new Attribute("Maximum", 10L));
      assertThat(Arrays.stream(SERVER.getMBeanInfo(name).getAttributes()).map(MBeanAttributeInfo::getName))
          .contains("Name", "Kind", "Size", "Evictions").doesNotHaveDuplicates();
      assertThatExceptionOfType(AttributeNotFoundException.class).isThrownBy(() -> SERVER.getAttribute(name, "Nonsense"))
          .withMessageContaining("there is no attribute Nonsense");
      assertThatExceptionOfType(AttributeNotFoundException.class)
          .isThrownBy(() -> SERVER.setAttribute(name, new Attribute("Size", 5L))).withMessageContaining("read-only");
      assertThatExceptionOfType(ReflectionException.class).isThrownBy(() -> SERVER.invoke(name, "clear", null, null));
      cache.put(2, "two");
      assertThat(SERVER.getAttribute(name, "Size")).isEqualTo(2L);
      beans.refresh();
    }
    assertThat(SERVER.isRegistered(name("Cache", odd))).isFalse();
    Reference.reachabilityFence(cache);
  }

  @Test
  void containers_of_one_name_have_ids() throws Exception {
    Cache<Integer, String> one = Cache.<Integer, String>builder().name("mbean twin").maximumSize(1).build();
    Cache<Integer, String> two = Cache.<Integer, String>builder().name("mbean twin").maximumSize(1).build();
    try (CensusMBeans beans = CensusMBeans.register()) {
      beans.refresh();
      assertThat((Long) SERVER.getAttribute(name("Census", "census"), "Size")).isGreaterThanOrEqualTo(2);
      Set<ObjectName> names = SERVER.queryNames(new ObjectName("leaksafe:name=\"mbean twin\",*"), null);
      assertThat(names).hasSize(2).extracting(name -> name.getKeyProperty("id")).containsOnlyOnce((String) null).hasSize(2);
    }
    Reference.reachabilityFence(List.of(one, two));
  }

  @Test
  void an_mbean_keeps_no_container_and_goes_with_it_although_nobody_calls() throws Exception {
    CensusMBeans beans = CensusMBeans.register();
    ObjectName name = name("Map", "mbean dropped");
    WeakReference<Object> map = dropped(beans, name);
    Gc.awaitCleared(map);
    Gc.await("it is unregistered", () -> !SERVER.isRegistered(name));
    beans.close();
    beans.close();
  }

  private static WeakReference<Object> dropped(CensusMBeans beans, ObjectName name) throws Exception {
    Map<String, String> map = new HashMap<>();
    Census.watch("mbean dropped", map);
    beans.refresh();
    assertThat(SERVER.getAttribute(name, "Size")).isEqualTo(0L);
    return new WeakReference<>(map);
  }

  @Test
  void a_container_that_fails_says_so() throws Exception {
    StringBuilder text = new StringBuilder();
    try (Watch watch = Census.watch("mbean failing", "text", text, ignored -> {
      throw new IllegalStateException("on purpose");
    }); CensusMBeans beans = CensusMBeans.register()) {
      beans.refresh();
      ObjectName name = name("Text", "mbean failing");
      assertThat(SERVER.getAttribute(name, "Failure")).isEqualTo("java.lang.IllegalStateException");
      assertThat(SERVER.getAttribute(name, "Kind")).isEqualTo("text");
      assertThat(watch.isActive()).isTrue();
    }
  }

  @Test
  void what_appears_later_is_registered_although_nobody_keeps_the_registration() throws Exception {
    WeakReference<CensusMBeans> beans = new WeakReference<>(CensusMBeans.register());
    System.gc();
    Cache<Integer, String> later = Cache.<Integer, String>builder().name("mbean later").maximumSize(1).build();
    ObjectName name = name("Cache", "mbean later");
    Gc.await("it is registered", () -> SERVER.isRegistered(name));
    CensusMBeans kept = beans.get();
    assertThat(kept).isNotNull();
    kept.close();
    assertThat(SERVER.queryNames(new ObjectName("leaksafe:*"), null)).doesNotContain(name);
    Reference.reachabilityFence(later);
  }

  @Test
  void who_registers_again_gets_what_is_registered_until_it_is_closed() throws Exception {
    Cache<Integer, String> cache = Cache.<Integer, String>builder().name("mbean once").maximumSize(1).build();
    ObjectName names = new ObjectName("leaksafe:name=\"mbean once\",*");
    CensusMBeans first = CensusMBeans.register();
    assertThat(CensusMBeans.register()).isSameAs(first);
    assertThat(CensusMBeans.register()).isSameAs(first);
    assertThat(SERVER.queryNames(names, null)).hasSize(1);
    first.close();
    assertThat(SERVER.queryNames(names, null)).isEmpty();
    try (CensusMBeans second = CensusMBeans.register()) {
      assertThat(second).isNotSameAs(first);
      first.close();
      assertThat(CensusMBeans.register()).isSameAs(second);
      assertThat(SERVER.queryNames(names, null)).hasSize(1);
    }
    Reference.reachabilityFence(cache);
  }

  @Test
  void names_that_other_copies_of_the_library_took_are_gone_around_without_a_complaint() throws Exception {
    List<ObjectName> taken = List.of(name("Census", "census"), new ObjectName(name("Census", "census") + ",id=0"),
        new ObjectName(name("Census", "census") + ",id=0,copy=2"));
    for (ObjectName name : taken) {
      SERVER.registerMBean(new StandardMBean(() -> { }, Runnable.class), name);
    }
    ObjectName ours = new ObjectName(name("Census", "census") + ",id=0,copy=3");
    try (CensusMBeans beans = CensusMBeans.register()) {
      beans.refresh();
      assertThat((Long) SERVER.getAttribute(ours, "Size")).isNotNegative();
    } finally {
      for (ObjectName name : taken) {
        SERVER.unregisterMBean(name);
      }
    }
    assertThat(SERVER.isRegistered(ours)).isFalse();
  }

  /** An application that brings the library, and closes what it registered. */
  public static final class Closing implements Runnable {
    private static final Cache<Integer, String> CACHE = Cache.<Integer, String>builder().name("in the child").maximumSize(1).build();

    @Override
    public void run() {
      try (CensusMBeans beans = CensusMBeans.register()) {
        CACHE.put(1, "one");
        beans.refresh();
      }
    }
  }

  @Test
  void an_application_that_closed_its_mbeans_is_collected() {
    Gc.awaitCleared(ChildLoader.runAndDrop(Closing.class));
  }
}
