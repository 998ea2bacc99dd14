package leaksafe.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Loads the library anew, with a note at everything that writes to the heap and at everything that asks the system for the time, and runs a fixture on it.
 * Objects that are made are not noted.
 */
public final class AccessWatch extends RewritingLoader {
  private static final String SELF = AccessWatch.class.getName().replace('.', '/');
  private static final Set<String> CLOCKS = Set.of("nanoTime", "currentTimeMillis");
  private static final Set<Integer> ARRAY_STORES = Set.of(Opcodes.AASTORE, Opcodes.BASTORE, Opcodes.CASTORE, Opcodes.DASTORE, Opcodes.FASTORE,
      Opcodes.IASTORE, Opcodes.LASTORE, Opcodes.SASTORE);

  private static final ThreadLocal<Notes> NOTES = ThreadLocal.withInitial(() -> new Notes(new ArrayList<>(), new ArrayList<>()));

  /**
   * What a thread did, by the names of the classes that did it.
   *
   * @param writes stores and atomic changes of fields and elements
   * @param clocks questions for the time
   */
  public record Notes(List<String> writes, List<String> clocks) {}

  private AccessWatch() {}

  /** Runs the fixture in a fresh loader. */
  public static void watch(Class<? extends Runnable> fixture) throws ReflectiveOperationException {
    new AccessWatch().run(fixture);
  }

  /** For fixtures: runs the action, and returns what this thread did for it. */
  public static Notes of(Runnable action) {
    Notes notes = NOTES.get();
    notes.writes.clear();
    notes.clocks.clear();
    action.run();
    return new Notes(List.copyOf(notes.writes), List.copyOf(notes.clocks));
  }

  /** Called by the library before it writes. */
  public static void writes(String where) {
    NOTES.get().writes.add(where);
  }

  /** Called by the library before it asks for the time. */
  public static void asks(String where) {
    NOTES.get().clocks.add(where);
  }

  @Override
  MethodVisitor rewriter(MethodVisitor next, String where) {
    return new Noting(next, where);
  }

  /** Puts the notes into a method. */
  private static final class Noting extends MethodVisitor {
    private final String where;

    Noting(MethodVisitor next, String where) {
      super(Opcodes.ASM9, next);
      this.where = where;
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String field, String fieldDescriptor) {
      if (opcode == Opcodes.PUTFIELD || opcode == Opcodes.PUTSTATIC) {
        note("writes");
      }
      super.visitFieldInsn(opcode, owner, field, fieldDescriptor);
    }

    @Override
    public void visitInsn(int opcode) {
      if (ARRAY_STORES.contains(opcode)) {
        note("writes");
      }
      super.visitInsn(opcode);
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String called, String calledDescriptor, boolean ofInterface) {
      if (owner.equals("java/lang/System") && CLOCKS.contains(called) || owner.startsWith("java/time/") && called.equals("now")) {
        note("asks");
      } else if ((owner.equals("java/lang/invoke/VarHandle") || owner.startsWith("java/util/concurrent/atomic/")) && isWrite(called)) {
        note("writes");
      }
      super.visitMethodInsn(opcode, owner, called, calledDescriptor, ofInterface);
    }

    private void note(String what) {
      super.visitLdcInsn(where);
      super.visitMethodInsn(Opcodes.INVOKESTATIC, SELF, what, "(Ljava/lang/String;)V", false);
    }

    private static boolean isWrite(String called) {
      return called.startsWith("getAnd") || !called.startsWith("get") && !called.endsWith("Fence") && !called.equals("<init>");
    }
  }
}
