package leaksafe.testing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Loads the library anew, with a note at every call that takes or gives back one of its locks, and runs a fixture on it. What the notes say is kept
 * here, in the class that the fixture and the test share.
 */
public final class LockWatch extends RewritingLoader {
  private static final String SELF = LockWatch.class.getName();
  private static final String SEGMENT_LOCK = "leaksafe/cache/internal/SegmentLock";
  private static final List<String> LOCKS =
      List.of("java/util/concurrent/locks/ReentrantLock", "java/util/concurrent/locks/Lock", SEGMENT_LOCK, "leaksafe/cache/internal/Segment");

  private static final Queue<String> NESTED = new ConcurrentLinkedQueue<>();
  private static final ThreadLocal<Notes> NOTES = ThreadLocal.withInitial(Notes::new);

  /** What one thread does. */
  private static final class Notes {
    final Deque<Held> held = new ArrayDeque<>();
    final Taken taken = new Taken(new ArrayList<>(), new ArrayList<>());
  }

  private record Held(Object lock, String where) {}

  /**
   * Where a thread took locks, by the names of the classes that did.
   *
   * @param waited those that it would have waited for
   * @param tried those that it got at once and else had done without
   */
  public record Taken(List<String> waited, List<String> tried) {}

  private LockWatch() {}

  /** Runs the fixture in a fresh loader, and returns where locks were waited for inside of others meanwhile. */
  public static List<String> nestedIn(Class<? extends Runnable> fixture) throws ReflectiveOperationException {
    NESTED.clear();
    new LockWatch().run(fixture);
    return List.copyOf(NESTED);
  }

  /** For fixtures: runs the action, and returns which locks this thread took for it. */
  public static Taken takenBy(Runnable action) {
    Taken taken = NOTES.get().taken;
    taken.waited.clear();
    taken.tried.clear();
    action.run();
    return new Taken(List.copyOf(taken.waited), List.copyOf(taken.tried));
  }

  /** Called by the library before it waits for a lock. */
  public static void waits(Object lock, String where) {
    Notes notes = NOTES.get();
    notes.taken.waited.add(where);
    for (Held held : notes.held) {
      NESTED.add(where + " inside of " + held.where);
    }
    notes.held.push(new Held(lock, where));
  }

  /** Called by the library after it tried to take a lock. */
  public static boolean tries(Object lock, boolean got, String where) {
    if (got) {
      Notes notes = NOTES.get();
      notes.taken.tried.add(where);
      notes.held.push(new Held(lock, where));
    }
    return got;
  }

  /** Called by the library before it gives a lock back. */
  public static void gives(Object lock, String where) {
    Deque<Held> all = NOTES.get().held;
    Held newest = all.stream().filter(held -> held.lock == lock).findFirst()
        .orElseThrow(() -> new AssertionError(where + " gives back a lock that nobody saw it take"));
    all.removeFirstOccurrence(newest);
  }

  @Override
  MethodVisitor rewriter(MethodVisitor next, String where) {
    return where.replace('.', '/').equals(SEGMENT_LOCK) ? next : new Noting(next, where);
  }

  /** Puts the notes into a method. */
  private static final class Noting extends MethodVisitor {
    private final String where;

    Noting(MethodVisitor next, String where) {
      super(Opcodes.ASM9, next);
      this.where = where;
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String called, String calledDescriptor, boolean ofInterface) {
      String call = LOCKS.contains(owner) ? called + calledDescriptor : "";
      switch (call) {
        case "lock()V", "lockInterruptibly()V" -> note("waits", "(Ljava/lang/Object;Ljava/lang/String;)V");
        case "unlock()V" -> note("gives", "(Ljava/lang/Object;Ljava/lang/String;)V");
        case "tryLock()Z" -> super.visitInsn(Opcodes.DUP);
        case "tryLock(JLjava/util/concurrent/TimeUnit;)Z" -> throw new AssertionError("not prepared for " + call + " in " + where);
        default -> { }
      }
      super.visitMethodInsn(opcode, owner, called, calledDescriptor, ofInterface);
      if (call.equals("tryLock()Z")) {
        super.visitLdcInsn(where);
        super.visitMethodInsn(Opcodes.INVOKESTATIC, SELF.replace('.', '/'), "tries", "(Ljava/lang/Object;ZLjava/lang/String;)Z", false);
      }
    }

    private void note(String what, String noteDescriptor) {
      super.visitInsn(Opcodes.DUP);
      super.visitLdcInsn(where);
      super.visitMethodInsn(Opcodes.INVOKESTATIC, SELF.replace('.', '/'), what, noteDescriptor, false);
    }
  }
}
