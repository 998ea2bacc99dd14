package leaksafe.lint.internal.facts;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Which fields with numbers a class changes after they are made, so that a key read from them is not the same each time. */
final class ChangingNumbers {
  private static final Set<String> NUMBERS = Set.of("I", "J", "Ljava/lang/Integer;", "Ljava/lang/Long;");
  /** Between the read of a field and the addition there is hardly more than one call for what is added. */
  private static final int NEAR = 8;

  private enum Store {
    /** One of a few: a literal, or what a remainder or a mask leaves. */
    FEW,
    /** What was there, and something more. */
    UP,
    OTHER
  }

  private final ClassNode owner;
  private @Nullable Map<String, Set<Store>> stores;

  ChangingNumbers(ClassNode owner) {
    this.owner = owner;
  }

  /** Returns whether a field of this descriptor holds a whole number that can be a key. */
  static boolean isNumber(String desc) {
    return NUMBERS.contains(desc);
  }

  /** Returns whether the class only ever adds to a field once it is made: each value that it has is new. */
  boolean onlyGoesUp(FieldInsnNode field) {
    return storesTo(field).equals(Set.of(Store.UP));
  }

  /** Returns whether the class gives a field other values than a few once it is made. */
  boolean changes(FieldInsnNode field) {
    return !Set.of(Store.FEW).containsAll(storesTo(field));
  }

  private Set<Store> storesTo(FieldInsnNode field) {
    if (!NUMBERS.contains(field.desc)) {
      return Set.of();
    }
    Map<String, Set<Store>> known = stores;
    if (known == null) {
      known = find();
      stores = known;
    }
    return known.getOrDefault(name(field), Set.of());
  }

  private Map<String, Set<Store>> find() {
    Map<String, Set<Store>> found = new HashMap<>();
    for (MethodNode method : owner.methods) {
      for (AbstractInsnNode insn : method.instructions) {
        boolean first = insn.getOpcode() == Opcodes.PUTSTATIC && method.name.equals("<clinit>")
            || insn.getOpcode() == Opcodes.PUTFIELD && method.name.equals("<init>");
        if (!first && (insn.getOpcode() == Opcodes.PUTSTATIC || insn.getOpcode() == Opcodes.PUTFIELD)
            && insn instanceof FieldInsnNode field && NUMBERS.contains(field.desc)) {
          found.computeIfAbsent(name(field), key -> new HashSet<>()).add(kindOf(field));
        }
      }
    }
    return found;
  }

  private static Store kindOf(FieldInsnNode store) {
    AbstractInsnNode value = before(store);
    while (value != null && (isCopy(value) || isBoxing(value))) {
      value = before(value);
    }
    int opcode = value == null ? Opcodes.NOP : value.getOpcode();
    if (opcode >= Opcodes.ACONST_NULL && opcode <= Opcodes.LDC || opcode == Opcodes.IREM || opcode == Opcodes.LREM
        || opcode == Opcodes.IAND || opcode == Opcodes.LAND) {
      return Store.FEW;
    }
    if (opcode == Opcodes.IADD || opcode == Opcodes.LADD) {
      AbstractInsnNode at = before(value);
      for (int steps = 0; at != null && !(at instanceof JumpInsnNode) && steps < NEAR; steps++) {
        boolean reads = at.getOpcode() == Opcodes.GETSTATIC || at.getOpcode() == Opcodes.GETFIELD;
        if (reads && at instanceof FieldInsnNode read && name(read).equals(name(store))) {
          return Store.UP;
        }
        at = before(at);
      }
    }
    return Store.OTHER;
  }

  private static boolean isCopy(AbstractInsnNode insn) {
    return insn.getOpcode() >= Opcodes.DUP && insn.getOpcode() <= Opcodes.DUP2_X2;
  }

  private static boolean isBoxing(AbstractInsnNode insn) {
    return insn instanceof MethodInsnNode call && call.name.equals("valueOf") && (call.owner.equals("java/lang/Long") || call.owner.equals("java/lang/Integer"));
  }

  private static @Nullable AbstractInsnNode before(@Nullable AbstractInsnNode insn) {
    AbstractInsnNode before = insn == null ? null : insn.getPrevious();
    while (before != null && before.getOpcode() < 0) {
      before = before.getPrevious();
    }
    return before;
  }

  private static String name(FieldInsnNode field) {
    return field.owner + "." + field.name;
  }
}
