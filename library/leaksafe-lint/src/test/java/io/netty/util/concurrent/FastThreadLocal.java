package io.netty.util.concurrent;

/** Stands for the class of that name, which the lint knows by its name. */
public class FastThreadLocal<V> {
  public V get() {
    return null;
  }

  public void set(V value) {}

  public void remove() {}
}
