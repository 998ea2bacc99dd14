package leaksafe;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import leaksafe.cache.Budget;
import leaksafe.cache.Cache;
import leaksafe.cache.Eviction;
import leaksafe.cache.LeaseCache;
import leaksafe.cache.MemoryPressure;
import leaksafe.memo.AsyncMemo;
import leaksafe.memo.Memo;
import leaksafe.registry.CyclePolicy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An option that is set twice would lose a value without a word: every builder of caches and memos refuses it, and says both values. */
class BuilderOptionsTest {

  static Stream<Arguments> options() {
    List<Supplier<Object>> builders = List.of(Cache::builder, LeaseCache::builder, Memo::builder, AsyncMemo::builder, Budget::builder,
        MemoryPressure::builder);
    return builders.stream().flatMap(builder -> Arrays.stream(builder.get().getClass().getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic() && method.getParameterCount() > 0)
        .filter(method -> method.getReturnType() == builder.get().getClass())
        .map(method -> Arguments.of(builder, method)));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("options")
  void an_option_is_set_once_and_the_error_names_it_and_both_values(Supplier<Object> builders, Method option) throws Exception {
    Object builder = builders.get();
    assertThat(option.invoke(builder, arguments(option, "first"))).isSameAs(builder);
    Throwable thrown = null;
    try {
      option.invoke(builder, arguments(option, "second"));
    } catch (InvocationTargetException e) {
      thrown = e.getCause();
    }
    Class<?> type = option.getParameterTypes()[0] == Class.class ? option.getParameterTypes()[1] : option.getParameterTypes()[0];
    assertThat(thrown).as("thrown by %s", option).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(option.getName() + (option.getName().equals("host") ? " for java.lang.String" : "") + " was set to "
            + text(value(type, "first")) + " already, and now to " + text(value(type, "second")) + ": set it once");
  }

  private static Object[] arguments(Method option, String which) {
    List<Object> values = new ArrayList<>();
    for (Class<?> type : option.getParameterTypes()) {
      values.add(value(type, which));
    }
    return values.toArray();
  }

  private static Object value(Class<?> type, String which) {
    boolean first = which.equals("first");
    if (type == String.class) {
      return which;
    } else if (type == int.class) {
      return first ? 1 : 2;
    } else if (type == long.class) {
      return first ? 1L : 2L;
    } else if (type == double.class) {
      return first ? 0.5 : 0.25;
    } else if (type == Duration.class) {
      return Duration.ofSeconds(first ? 1 : 2);
    } else if (type == Budget.class) {
      return Budget.builder().name(which).maximumWeight(1).build();
    } else if (type == MemoryPressure.class) {
      return MemoryPressure.builder().threshold(first ? 0.5 : 0.25).build();
    } else if (type == Class.class) {
      return String.class;
    } else if (type == Eviction.class) {
      return first ? Eviction.LRU : Eviction.FIFO;
    } else if (type == CyclePolicy.class) {
      return first ? CyclePolicy.WARN : CyclePolicy.ALLOW;
    }
    return Proxy.newProxyInstance(BuilderOptionsTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> which);
  }

  /** What a message says of the value. */
  private static String text(Object value) {
    return value instanceof Budget budget ? budget.name() : value.toString();
  }
}
