package leaksafe.registry;

import java.util.ArrayList;
import java.util.List;

/** Uses all of the package, on keys that die with this class's loader and on keys that never die. For tests of hygiene. */
public final class Everything implements Runnable {
  static final WeakRegistry<Object, Object> REGISTRY = KeyKind.builder().onCycle(CyclePolicy.WARN).failureListener(failure -> {}).build();
  static final WeakSet<Object> SET = WeakSet.create();
  static final WeakInterner<Object> INTERNER = WeakInterner.create();
  static final PerThread<Object> PER_THREAD = PerThread.<Object>builder(Everything::new).closer(value -> {}).build();
  static final List<Object> KEYS = new ArrayList<>();

  /** For the child loader. */
  public Everything() {}

  @Override
  public void run() {
    for (KeyKind kind : KeyKind.values()) {
      Object key = kind.key();
      KEYS.add(key);
      REGISTRY.put(key, List.of(key, new Everything()));
      REGISTRY.computeIfAbsent(kind.key(), k -> new Everything());
      SET.add(key);
      INTERNER.intern(key);
    }
    REGISTRY.put(String.class, new Everything());
    REGISTRY.put(ClassLoader.getPlatformClassLoader(), new Everything());
    REGISTRY.put(Everything.class, List.of(Everything.class));
    REGISTRY.put(Everything.class.getClassLoader(), List.of(Everything.class));
    REGISTRY.put(Thread.currentThread(), new Everything());
    SET.add(Thread.currentThread());
    INTERNER.intern("text");
    PER_THREAD.get();
  }
}
