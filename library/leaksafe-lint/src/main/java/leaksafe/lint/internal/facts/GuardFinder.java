package leaksafe.lint.internal.facts;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import leaksafe.lint.internal.facts.CallFact.Guards;
import leaksafe.lint.internal.facts.Origin.Kind;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * Finds the conditions that limit how often an instruction runs: a null test or flag that the guarded code itself turns ("once"), and
 * tests of a size against a limit.
 */
final class GuardFinder {
  /** What holds in a region of the code: a field was null or false, or something's size was below a limit. */
  private record Region(BitSet instructions, int @Nullable [] smallSizes, @Nullable FieldRef unset, boolean setInside) {}

  private final MethodNode method;
  private final @Nullable Frame<FlowValue>[] frames;
  private final MethodFlow flow;
  private final List<Region> regions = new ArrayList<>();

  GuardFinder(MethodNode method, @Nullable Frame<FlowValue>[] frames, MethodFlow flow) {
    this.method = method;
    this.frames = frames;
    this.flow = flow;
    ControlFlow control = null;
    for (int i = 0; i < frames.length; i++) {
      Frame<FlowValue> frame = frames[i];
      if (frame != null && method.instructions.get(i) instanceof JumpInsnNode jump && isTest(jump, frame)) {
        if (control == null) {
          control = new ControlFlow(method, true);
        }
        addRegions(control, i, jump, frame);
      }
    }
  }

  /** Returns what guards the instruction at a position. */
  Guards at(int position) {
    boolean onceStatic = false;
    boolean onceInstance = false;
    int[] sizes = {};
    for (Region region : regions) {
      if (!region.instructions.get(position)) {
        continue;
      }
      if (region.setInside && region.unset != null) {
        onceStatic |= region.unset.isStatic();
        onceInstance |= !region.unset.isStatic();
      }
      if (region.smallSizes != null) {
        sizes = FlowValue.union(sizes, region.smallSizes);
      }
    }
    return onceStatic || onceInstance || sizes.length > 0 ? new Guards(onceStatic, onceInstance, sizes) : Guards.NONE;
  }

  /** Returns whether the store at a position happens only when the field was null. */
  boolean isLazy(int position, FieldInsnNode store) {
    for (Region region : regions) {
      FieldRef unset = region.unset;
      if (unset != null && unset.name().equals(store.name) && unset.desc().equals(store.desc) && region.instructions.get(position)) {
        return true;
      }
    }
    return false;
  }

  private boolean isTest(JumpInsnNode jump, Frame<FlowValue> frame) {
    int opcode = jump.getOpcode();
    if (opcode >= Opcodes.IF_ICMPEQ && opcode <= Opcodes.IF_ICMPLE) {
      return size(frame, 0) || size(frame, 1);
    }
    return (opcode >= Opcodes.IFEQ && opcode <= Opcodes.IFLE || opcode == Opcodes.IFNULL || opcode == Opcodes.IFNONNULL)
        && flow.isTraceable(top(frame, 0));
  }

  private void addRegions(ControlFlow control, int at, JumpInsnNode jump, Frame<FlowValue> frame) {
    int jumped = method.instructions.indexOf(jump.label);
    int passed = at + 1;
    switch (jump.getOpcode()) {
      case Opcodes.IFNULL -> unset(control, at, jumped, frame);
      case Opcodes.IFNONNULL -> unset(control, at, passed, frame);
      case Opcodes.IFEQ -> {
        unset(control, at, jumped, frame);
        small(control, at, isEmptyTest(frame) ? passed : jumped, top(frame, 0));
      }
      case Opcodes.IFNE -> {
        unset(control, at, passed, frame);
        small(control, at, isEmptyTest(frame) ? jumped : passed, top(frame, 0));
      }
      case Opcodes.IFLE, Opcodes.IFLT -> small(control, at, jumped, top(frame, 0));
      case Opcodes.IFGT, Opcodes.IFGE -> small(control, at, passed, top(frame, 0));
      default -> {
        boolean sizeFirst = size(frame, 1);
        FlowValue size = top(frame, sizeFirst ? 1 : 0);
        // A loop's counter starts as a constant and goes on as something computed: two origins. A limit has one.
        if (top(frame, sizeFirst ? 0 : 1).origins.length == 1) {
          int opcode = jump.getOpcode();
          boolean either = opcode == Opcodes.IF_ICMPEQ || opcode == Opcodes.IF_ICMPNE;
          boolean jumpsWhenLess = opcode == Opcodes.IF_ICMPLT || opcode == Opcodes.IF_ICMPLE;
          if (either || jumpsWhenLess == sizeFirst) {
            small(control, at, jumped, size);
          }
          if (either || jumpsWhenLess != sizeFirst) {
            small(control, at, passed, size);
          }
        }
      }
    }
  }

  private void unset(ControlFlow control, int at, int to, Frame<FlowValue> frame) {
    for (int origin : top(frame, 0).origins) {
      FieldRef field = flow.origins.get(origin).field();
      if (field != null) {
        BitSet region = control.onlyAfter(at, to);
        regions.add(new Region(region, null, field, isSetIn(region, field)));
      }
    }
  }

  private void small(ControlFlow control, int at, int to, FlowValue size) {
    if (isSize(size)) {
      regions.add(new Region(control.onlyAfter(at, to), size.origins, null, false));
    }
  }

  private boolean isSetIn(BitSet region, FieldRef field) {
    for (int i = region.nextSetBit(0); i >= 0; i = region.nextSetBit(i + 1)) {
      AbstractInsnNode insn = method.instructions.get(i);
      if ((insn.getOpcode() == Opcodes.PUTFIELD || insn.getOpcode() == Opcodes.PUTSTATIC) && insn instanceof FieldInsnNode store
          && store.name.equals(field.name()) && store.desc.equals(field.desc())) {
        return true;
      }
    }
    return false;
  }

  private boolean isEmptyTest(Frame<FlowValue> frame) {
    for (var entry : flow.originOf.entrySet()) {
      if (entry.getValue() == top(frame, 0).origins[0] && entry.getKey() instanceof org.objectweb.asm.tree.MethodInsnNode call) {
        return call.name.equals("isEmpty");
      }
    }
    return false;
  }

  private boolean size(Frame<FlowValue> frame, int depth) {
    return isSize(top(frame, depth));
  }

  private boolean isSize(FlowValue value) {
    for (int origin : value.origins) {
      if (flow.origins.get(origin).kind() == Kind.CALL) {
        return true;
      }
    }
    return false;
  }

  private FlowValue top(Frame<FlowValue> frame, int depth) {
    return frame.getStack(frame.getStackSize() - 1 - depth);
  }

}
