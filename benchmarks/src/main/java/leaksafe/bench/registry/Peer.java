package leaksafe.bench.registry;

import com.blogspot.mydailyjava.weaklockfree.WeakConcurrentMap;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.common.collect.MapMaker;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import leaksafe.registry.CyclePolicy;
import leaksafe.registry.WeakRegistry;
import org.springframework.util.ConcurrentReferenceHashMap;
import org.springframework.util.ConcurrentReferenceHashMap.ReferenceType;

/** A map with weak keys, ours or a peer's. */
interface Peer {
  /** All that hold values for weakly held keys; {@code chm} is a strong map, as the floor for tables. */
  List<String> ALL = List.of("leaksafe-attachable", "leaksafe-table", "weakHashMap", "syncWeakHashMap", "mapMaker", "caffeine",
      "springWeak", "springSoft", "weakLockFree", "weakLockFreeThread", "chm");

  Object get(Key key);

  Object put(Key key, Object value);

  /** Returns an empty one. */
  static Peer of(String implementation) {
    return switch (implementation) {
      case "leaksafe-attachable", "leaksafe-table" -> of(WeakRegistry.<Key, Object>builder().build());
      case "leaksafe-table-unchecked" -> of(WeakRegistry.<Key, Object>builder().onCycle(CyclePolicy.ALLOW).build());
      case "weakHashMap" -> of(new WeakHashMap<>());
      case "syncWeakHashMap" -> of(Collections.synchronizedMap(new WeakHashMap<>()));
      case "mapMaker" -> of(new MapMaker().weakKeys().makeMap());
      case "caffeine" -> of(Caffeine.newBuilder().weakKeys().<Key, Object>build().asMap());
      case "springWeak" -> of(new ConcurrentReferenceHashMap<>(16, ReferenceType.WEAK));
      case "springSoft" -> of(new ConcurrentReferenceHashMap<>(16, ReferenceType.SOFT));
      case "weakLockFree" -> of(new WeakConcurrentMap.WithInlinedExpunction<>());
      case "weakLockFreeThread" -> of(new WeakConcurrentMap<>(true));
      case "chm" -> of(new ConcurrentHashMap<>());
      default -> throw new IllegalArgumentException("impl must be one of " + ALL + ", but was " + implementation);
    };
  }

  private static Peer of(Map<Key, Object> map) {
    return new Peer() {
      @Override
      public Object get(Key key) {
        return map.get(key);
      }

      @Override
      public Object put(Key key, Object value) {
        return map.put(key, value);
      }
    };
  }

  private static Peer of(WeakConcurrentMap<Key, Object> map) {
    return new Peer() {
      @Override
      public Object get(Key key) {
        return map.get(key);
      }

      @Override
      public Object put(Key key, Object value) {
        return map.put(key, value);
      }
    };
  }

  private static Peer of(WeakRegistry<Key, Object> registry) {
    return new Peer() {
      @Override
      public Object get(Key key) {
        return registry.get(key);
      }

      @Override
      public Object put(Key key, Object value) {
        return registry.put(key, value);
      }
    };
  }
}
