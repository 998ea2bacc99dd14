package leaksafe.lint.internal.facts;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * The control flow of one method, for one question: which instructions run only if a branch went one way? Those that cannot be reached
 * when that edge is taken away.
 */
final class ControlFlow {
  private final int[][] successors;
  private final BitSet reachable;

  ControlFlow(MethodNode method, boolean withHandlers) {
    InsnList code = method.instructions;
    successors = new int[code.size()][];
    for (int i = 0; i < successors.length; i++) {
      successors[i] = successorsOf(code, i);
    }
    if (withHandlers) {
      for (TryCatchBlockNode block : method.tryCatchBlocks) {
        int handler = code.indexOf(block.handler);
        for (int i = code.indexOf(block.start); i < code.indexOf(block.end); i++) {
          successors[i] = append(successors[i], handler);
        }
      }
    }
    reachable = reach(-1, -1);
  }

  /** Returns the instructions that can run. */
  BitSet reachable() {
    return reachable;
  }

  /** Returns the instructions that run only after the branch at {@code from} went to {@code to}. */
  BitSet onlyAfter(int from, int to) {
    BitSet region = (BitSet) reachable.clone();
    region.andNot(reach(from, to));
    return region;
  }

  private BitSet reach(int cutFrom, int cutTo) {
    BitSet seen = new BitSet(successors.length);
    int[] stack = new int[successors.length + 1];
    int depth = 0;
    if (successors.length > 0) {
      stack[depth++] = 0;
      seen.set(0);
    }
    while (depth > 0) {
      int at = stack[--depth];
      for (int next : successors[at]) {
        if (!seen.get(next) && !(at == cutFrom && next == cutTo)) {
          seen.set(next);
          stack[depth++] = next;
        }
      }
    }
    return seen;
  }

  private static int[] successorsOf(InsnList code, int index) {
    AbstractInsnNode insn = code.get(index);
    int opcode = insn.getOpcode();
    List<LabelNode> targets = new ArrayList<>(2);
    boolean fallsThrough = true;
    if (insn instanceof JumpInsnNode jump) {
      targets.add(jump.label);
      fallsThrough = opcode != Opcodes.GOTO;
    } else if (insn instanceof TableSwitchInsnNode table) {
      targets.addAll(table.labels);
      targets.add(table.dflt);
      fallsThrough = false;
    } else if (insn instanceof LookupSwitchInsnNode lookup) {
      targets.addAll(lookup.labels);
      targets.add(lookup.dflt);
      fallsThrough = false;
    } else if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN || opcode == Opcodes.ATHROW || opcode == Opcodes.RET) {
      fallsThrough = false;
    }
    int[] next = targets.stream().mapToInt(code::indexOf).toArray();
    return fallsThrough && index + 1 < code.size() ? append(next, index + 1) : next;
  }

  private static int[] append(int[] array, int value) {
    int[] longer = java.util.Arrays.copyOf(array, array.length + 1);
    longer[array.length] = value;
    return longer;
  }
}
