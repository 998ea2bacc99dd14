package leaksafe.watch.internal;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.ref.WeakReference;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.jspecify.annotations.Nullable;

/**
 * Recordings and streams of the flight recorder that keep nothing alive but themselves and classes of the JDK.
 *
 * <p>The flight recorder holds its recordings, and its streams have threads. Both remember on whose stack they were made (before JDK 24, the
 * access control context), with the loaders of all classes there, and the thread inherits the caller's thread-locals and context class
 * loader. So they are made and started by a worker of a short-lived fork-join pool, on whose stack there is nothing but the JDK. And what
 * the stream calls is made of method handles to the JDK alone, which reach our consumer through a weak reference. When that is
 * cleared, because nobody has the recorder any more or its class loader is gone, the next event closes the stream and the recording.
 */
final class DetachedRecordings {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.publicLookup();

  private DetachedRecordings() {}

  static RecordingStream stream() {
    return (RecordingStream) call(constructor(RecordingStream.class));
  }

  static Recording recording() {
    return (Recording) call(constructor(Recording.class));
  }

  private static MethodHandle constructor(Class<?> type) {
    try {
      return LOOKUP.findConstructor(type, methodType(void.class));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the JDK lacks what it has had since version 14", e);
    }
  }

  /** Has the stream hand events to the consumer, which is held weakly, and closes it, and the recording, once the consumer is gone. */
  static void run(RecordingStream stream, String event, Consumer<RecordedEvent> consumer, @Nullable Recording recording) {
    try {
      stream.onEvent(event, weakly(consumer, stream, recording));
      call(MethodHandles.filterReturnValue(LOOKUP.findVirtual(RecordingStream.class, "startAsync", methodType(void.class)).bindTo(stream),
          MethodHandles.constant(Object.class, stream)));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the JDK lacks what it has had since version 14", e);
    }
  }

  /** {@code event -> { Consumer c = weak.get(); if (c != null) c.accept(event); else { stream.close(); recording.close(); } }}. */
  @SuppressWarnings("unchecked")
  private static Consumer<RecordedEvent> weakly(Consumer<RecordedEvent> consumer, RecordingStream stream, @Nullable Recording recording)
      throws ReflectiveOperationException {
    MethodHandle close = LOOKUP.findVirtual(AutoCloseable.class, "close", methodType(void.class));
    MethodHandle end = close.bindTo(stream);
    if (recording != null) {
      end = MethodHandles.foldArguments(close.bindTo(recording), end);
    }
    MethodHandle isNull = LOOKUP.findStatic(Objects.class, "isNull", methodType(boolean.class, Object.class))
        .asType(methodType(boolean.class, Consumer.class));
    MethodHandle accept = LOOKUP.findVirtual(Consumer.class, "accept", methodType(void.class, Object.class));
    MethodHandle get = LOOKUP.findVirtual(WeakReference.class, "get", methodType(Object.class)).bindTo(new WeakReference<>(consumer))
        .asType(methodType(Consumer.class));
    MethodHandle choose = MethodHandles.guardWithTest(isNull, MethodHandles.dropArguments(end, 0, Consumer.class, Object.class), accept);
    return proxy(Consumer.class, MethodHandles.foldArguments(choose, get));
  }

  /** Runs on a thread that has nothing of the caller's. */
  private static Object call(MethodHandle handle) {
    Callable<?> task = proxy(Callable.class, handle);
    ForkJoinPool hop = new ForkJoinPool(1);
    try {
      return Objects.requireNonNull(hop.submit(task).get());
    } catch (ExecutionException e) {
      throw new IllegalStateException("the flight recorder could not be started: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the flight recorder was started", e);
    } finally {
      hop.shutdown();
    }
  }

  private static <T> T proxy(Class<T> type, MethodHandle handle) {
    Thread caller = Thread.currentThread();
    ClassLoader context = caller.getContextClassLoader();
    try {
      caller.setContextClassLoader(null); // or the JDK would define the class of the proxy in the caller's loader
      return MethodHandleProxies.asInterfaceInstance(type, handle);
    } finally {
      caller.setContextClassLoader(context);
    }
  }
}
