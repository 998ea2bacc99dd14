package leaksafe.lint.internal.facts;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leaksafe.lint.internal.facts.CallFact.Guards;
import leaksafe.lint.internal.facts.CallFact.Use;
import leaksafe.lint.internal.facts.Origin.Kind;
import leaksafe.lint.internal.facts.Vocabulary.Category;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;

/** Interprets one method and writes down what it does with the values that matter. */
final class MethodFactsBuilder {
  /** Frames are instructions times slots; generated methods beyond this would cost more memory than they are worth. */
  private static final long MOST_SLOTS = 4_000_000;

  private final TypeTable types;
  private final String owner;
  private final ChangingNumbers numbers;
  private final MethodNode method;
  private final int firstLine;
  private final boolean locks;
  private final boolean buildsText;
  private final boolean returnsNull;
  private final List<MethodRef> callees;
  private final List<CallFact> calls = new ArrayList<>();
  private final List<StoreFact> stores = new ArrayList<>();
  private final List<LambdaFact> lambdas = new ArrayList<>();
  private int[] returned = {};
  private int[] passed = {};

  MethodFactsBuilder(TypeTable types, String owner, ChangingNumbers numbers, MethodNode method, int firstLine, boolean locks,
      boolean buildsText, boolean returnsNull, List<MethodRef> callees) {
    this.types = types;
    this.owner = owner;
    this.numbers = numbers;
    this.method = method;
    this.firstLine = firstLine;
    this.locks = locks;
    this.buildsText = buildsText;
    this.returnsNull = returnsNull;
    this.callees = callees;
  }

  /** Returns facts without data flow. */
  MethodFacts unfollowed(List<CallFact> watched, boolean nothingToFollow) {
    return facts(nothingToFollow, List.of(Origin.OTHER), watched);
  }

  /** Returns facts with data flow, or without if the method is too large or its code does not verify. */
  MethodFacts follow(List<CallFact> watched) {
    if ((long) method.instructions.size() * (method.maxLocals + method.maxStack) > MOST_SLOTS) {
      return unfollowed(watched, false);
    }
    MethodFlow flow = new MethodFlow(types, owner, numbers, method);
    @Nullable Frame<FlowValue>[] frames;
    try {
      frames = new Analyzer<>(flow).analyze(owner, method);
    } catch (AnalyzerException | RuntimeException e) {
      return unfollowed(watched, false);
    }
    extract(flow, frames);
    return facts(true, flow.origins, calls);
  }

  private MethodFacts facts(boolean analysed, List<Origin> origins, List<CallFact> kept) {
    return new MethodFacts(method.name, method.desc, method.access, firstLine, locks, buildsText, returnsNull, analysed, callees, List.copyOf(origins),
        List.copyOf(kept), List.copyOf(stores), List.copyOf(lambdas), returned, passed,
        FactsReader.Annotations.names(method.visibleAnnotations, method.invisibleAnnotations),
        FactsReader.Annotations.suppressions(method.visibleAnnotations, method.invisibleAnnotations));
  }

  private void extract(MethodFlow flow, @Nullable Frame<FlowValue>[] frames) {
    Map<Integer, Integer> lambdaAt = new HashMap<>();
    BitSet stored = new BitSet();
    GuardFinder guards = null;
    BitSet normal = null;
    int line = firstLine;
    for (int i = 0; i < frames.length; i++) {
      AbstractInsnNode insn = method.instructions.get(i);
      if (insn instanceof LineNumberNode number) {
        line = number.line;
      }
      Frame<FlowValue> frame = frames[i];
      if (frame == null || insn.getOpcode() < 0) {
        continue;
      }
      switch (insn.getOpcode()) {
        case Opcodes.PUTFIELD, Opcodes.PUTSTATIC -> {
          FieldInsnNode field = (FieldInsnNode) insn;
          FlowValue value = top(frame, 0);
          if (types.isFollowed(field.desc) || flow.isTraceable(value) && value.size == 1 && field.desc.length() > 1) {
            guards = guards != null ? guards : new GuardFinder(method, frames, flow);
            FieldRef ref = new FieldRef(field.owner, field.name, field.desc, insn.getOpcode() == Opcodes.PUTSTATIC);
            stores.add(new StoreFact(ref, value.origins, line, guards.isLazy(i, field)));
            mark(stored, value);
          }
        }
        case Opcodes.ARETURN -> {
          returned = FlowValue.union(returned, top(frame, 0).origins);
          mark(stored, top(frame, 0));
        }
        case Opcodes.AASTORE, Opcodes.ATHROW -> passed = FlowValue.union(passed, top(frame, 0).origins);
        case Opcodes.INVOKEDYNAMIC -> {
          InvokeDynamicInsnNode dynamic = (InvokeDynamicInsnNode) insn;
          Integer origin = flow.originOf.get(insn);
          Handle handle = FactsReader.implementationOf(dynamic);
          if (origin != null && handle != null) {
            lambdaAt.put(origin, lambdas.size());
            flow.origins.set(origin, new Origin(Kind.LAMBDA, lambdas.size(), null, null));
            lambdas.add(new LambdaFact(new MethodRef(handle.getOwner(), handle.getName(), handle.getDesc()),
                handle.getTag() == Opcodes.H_INVOKESTATIC, arguments(frame, Type.getArgumentTypes(dynamic.desc).length), line, false));
          }
        }
        case Opcodes.INVOKEVIRTUAL, Opcodes.INVOKEINTERFACE, Opcodes.INVOKESPECIAL, Opcodes.INVOKESTATIC -> {
          MethodInsnNode call = (MethodInsnNode) insn;
          boolean isStatic = insn.getOpcode() == Opcodes.INVOKESTATIC;
          int count = Type.getArgumentTypes(call.desc).length + (isStatic ? 0 : 1);
          List<int[]> arguments = arguments(frame, count);
          Integer origin = flow.originOf.get(insn);
          Watch watch = Watch.of(call.owner, call.name, call.desc);
          if (origin == null && watch == Watch.NO && !isWorthKeeping(call, frame, count, flow)) {
            continue;
          }
          boolean grows = !isStatic && types.vocabulary().grows(call.name) && types.category(call.owner) != Category.NONE;
          Guards guard = Guards.NONE;
          if (grows || count > 0 && !call.owner.startsWith("java/")) {
            guards = guards != null ? guards : new GuardFinder(method, frames, flow);
            guard = guards.at(i);
          }
          Use use = next(insn).getOpcode() == Opcodes.POP ? Use.DROPPED : Use.NONE;
          if (call.name.equals("close")) {
            normal = normal != null ? normal : new ControlFlow(method, false).reachable();
            use = normal.get(i) ? use : Use.IN_HANDLER;
          }
          if (origin != null) {
            flow.origins.set(origin, new Origin(Kind.CALL, calls.size(), null, null));
          }
          int key = isStatic ? 0 : 1;
          calls.add(new CallFact(new MethodRef(call.owner, call.name, call.desc), isStatic, arguments, line,
              key < count ? top(frame, count - 1 - key).type : null, guard, use));
        }
        default -> { }
      }
    }
    lambdaAt.forEach((origin, index) -> {
      if (stored.get(origin)) {
        LambdaFact lambda = lambdas.get(index);
        lambdas.set(index, new LambdaFact(lambda.implementation(), lambda.isStatic(), lambda.captures(), lambda.line(), true));
      }
    });
  }

  /** A call is worth keeping if something that is followed, or may be, is its receiver or argument. */
  private boolean isWorthKeeping(MethodInsnNode call, Frame<FlowValue> frame, int count, MethodFlow flow) {
    Category category = types.category(call.owner);
    for (int k = 0; k < count; k++) {
      FlowValue value = top(frame, count - 1 - k);
      if (!flow.isTraceable(value)) {
        continue;
      }
      if (value.type != null && types.category(value.type) != Category.NONE) {
        return true;
      }
      if (k == 0 && call.getOpcode() != Opcodes.INVOKESTATIC && category != Category.NONE) {
        return true;
      }
      for (int index : value.origins) {
        Origin origin = flow.origins.get(index);
        if (origin.kind() == Kind.LAMBDA || origin.kind() == Kind.NEW && (call.name.equals("<init>") || category != Category.NONE)
            || origin.field() != null && types.isFollowed(origin.field().desc())
            || origin.kind() == Kind.PARAMETER && call.name.equals("<init>")) {
          return true;
        }
      }
    }
    return false;
  }

  private static AbstractInsnNode next(AbstractInsnNode insn) {
    AbstractInsnNode next = insn.getNext();
    while (next.getOpcode() < 0 && next.getNext() != null) {
      next = next.getNext();
    }
    return next;
  }

  private static void mark(BitSet set, FlowValue value) {
    for (int origin : value.origins) {
      set.set(origin);
    }
  }

  private static List<int[]> arguments(Frame<FlowValue> frame, int count) {
    List<int[]> arguments = new ArrayList<>(count);
    for (int k = 0; k < count; k++) {
      arguments.add(top(frame, count - 1 - k).origins);
    }
    return arguments;
  }

  private static FlowValue top(Frame<FlowValue> frame, int depth) {
    return frame.getStack(frame.getStackSize() - 1 - depth);
  }
}
