package leaksafe.internal;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A daemon thread that, between two rounds of its work, keeps nothing alive but itself and classes of the JDK.
 *
 * <p>Why so much ado: a web application may bring this library in its own class loader and hold a cache in a static field. A thread
 * that waits in a method of ours has our class on its stack, our class has the loader, the loader has the application's classes, and
 * those have the cache: the thread would keep alive what it waits to see die. So the loop and the wait consist of method handles to
 * JDK methods, and the work is reached through a weak reference. When the loader is unreachable, the reference is cleared and the
 * thread ends by itself.
 *
 * <p>For the same reason the thread must not inherit anything from the caller that happens to start it: neither thread-locals, nor
 * the context class loader, nor (before JDK 24) the access control context, which has the loaders of all classes on the creator's
 * stack, ours among them. Hence it is created by a worker of a short-lived fork-join pool, whose own context is clean and on whose
 * stack there is, once more, nothing but the JDK.
 */
final class DetachedThread {

  private DetachedThread() {}

  /**
   * Starts the thread. It calls {@code work} with the reference that it took from the queue, or null; {@code work} answers with the
   * longest time to wait for the next one, in milliseconds and at least 1, or with null to end the thread. An interruption ends the wait, and
   * nothing else.
   *
   * @param work is held weakly
   */
  static void start(String name, Function<@Nullable Reference<?>, @Nullable Long> work, ReferenceQueue<?> queue) {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    Thread caller = Thread.currentThread();
    ClassLoader context = caller.getContextClassLoader();
    try {
      caller.setContextClassLoader(null); // or the JDK would define the three proxy classes below in the caller's loader
      Runnable loop = proxy(loop(new WeakReference<>(work), queue));
      run(proxy(starter(group, loop, name)));
    } catch (NoSuchMethodException | IllegalAccessException e) {
      throw new LinkageError("the JDK lacks a method that it has had since version 7", e);
    } finally {
      caller.setContextClassLoader(context);
    }
  }

  /** Runs on a thread that has nothing of the caller's, and waits for the end. */
  private static void run(Runnable starter) {
    ForkJoinPool hop = new ForkJoinPool(1);
    try {
      hop.submit(starter).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the background thread could not be started", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the start goes on without us
    } finally {
      hop.shutdown();
    }
  }

  private static Runnable proxy(MethodHandle handle) {
    return MethodHandleProxies.asInterfaceInstance(Runnable.class, handle);
  }

  /** {@code () -> { Thread t = new Thread(group, loop, name, 0, false); t.setDaemon(true); t.start(); }}. */
  private static MethodHandle starter(ThreadGroup group, Runnable loop, String name) throws NoSuchMethodException, IllegalAccessException {
    MethodHandles.Lookup lookup = MethodHandles.publicLookup();
    MethodHandle create = MethodHandles.insertArguments(
        lookup.findConstructor(Thread.class,
            methodType(void.class, ThreadGroup.class, Runnable.class, String.class, long.class, boolean.class)),
        0, group, loop, name, 0L, false);
    MethodHandle daemon = MethodHandles.insertArguments(
        lookup.findVirtual(Thread.class, "setDaemon", methodType(void.class, boolean.class)), 1, true);
    MethodHandle start = lookup.findVirtual(Thread.class, "start", methodType(void.class));
    return MethodHandles.filterReturnValue(create, MethodHandles.foldArguments(start, daemon));
  }

  /**
   * {@code () -> { do { Long wait = round(); } while (wait != null && await(wait)); }}, where the reference goes from the wait to the
   * round through a box and not through a local variable, which would keep it, and its class, during the next wait.
   *
   * <p>The same goes for the work. The JDK makes one method of combined handles, in which all intermediate results are local variables,
   * and a method that is interpreted keeps what is in them until it returns. So the round is called through an interface, which is
   * a border that no handle is combined across: its variables are gone when it returns, before the wait.
   */
  private static MethodHandle loop(WeakReference<?> work, ReferenceQueue<?> queue) throws NoSuchMethodException, IllegalAccessException {
    MethodHandles.Lookup lookup = MethodHandles.publicLookup();
    AtomicReference<@Nullable Object> box = new AtomicReference<>();
    MethodHandle isNull = lookup.findStatic(Objects.class, "isNull", methodType(boolean.class, Object.class));

    // () -> { Function f = work.get(); return f == null ? null : f.apply(box.getAndSet(null)); }
    MethodHandle take = MethodHandles.insertArguments(
        lookup.findVirtual(AtomicReference.class, "getAndSet", methodType(Object.class, Object.class)).bindTo(box), 0, (Object) null);
    MethodHandle apply = MethodHandles.collectArguments(
        lookup.findVirtual(Function.class, "apply", methodType(Object.class, Object.class)), 1, take);
    MethodHandle gone = MethodHandles.dropArguments(MethodHandles.constant(Object.class, null), 0, Function.class);
    Supplier<?> round = MethodHandleProxies.asInterfaceInstance(Supplier.class, MethodHandles.foldArguments(
        MethodHandles.guardWithTest(isNull.asType(methodType(boolean.class, Function.class)), gone, apply),
        lookup.findVirtual(WeakReference.class, "get", methodType(Object.class)).bindTo(work).asType(methodType(Function.class))));
    MethodHandle callRound = lookup.findVirtual(Supplier.class, "get", methodType(Object.class)).bindTo(round);

    // (long wait) -> { try { return queue.remove(wait); } catch (InterruptedException e) { return null; } }
    MethodHandle remove = MethodHandles.catchException(
        lookup.findVirtual(ReferenceQueue.class, "remove", methodType(Reference.class, long.class)).bindTo(queue),
        InterruptedException.class, MethodHandles.dropArguments(MethodHandles.constant(Reference.class, null), 0, InterruptedException.class));

    // (Object wait) -> wait == null ? false : { box.set(remove((Long) wait)); true }
    MethodHandle put = MethodHandles.filterArguments(
        lookup.findVirtual(AtomicReference.class, "set", methodType(void.class, Object.class)).bindTo(box), 0,
        remove.asType(methodType(Object.class, Object.class)));
    MethodHandle goOn = MethodHandles.filterReturnValue(put, MethodHandles.constant(boolean.class, true));
    MethodHandle end = MethodHandles.dropArguments(MethodHandles.constant(boolean.class, false), 0, Object.class);
    MethodHandle await = MethodHandles.guardWithTest(isNull, end, goOn);

    MethodHandle goesOn = MethodHandles.filterReturnValue(callRound, await);
    return MethodHandles.whileLoop(null, goesOn, MethodHandles.empty(methodType(void.class)));
  }
}
