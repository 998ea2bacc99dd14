package leaksafe.lint.internal.facts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import leaksafe.lint.internal.facts.Origin.Kind;
import leaksafe.lint.internal.facts.Vocabulary.Category;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.Interpreter;

/** Interprets one method over {@link FlowValue}s. An instruction always yields the same origin, however often it is visited. */
final class MethodFlow extends Interpreter<FlowValue> {
  private static final Set<String> CLASS_NAMES = Set.of("getName", "getTypeName", "getCanonicalName", "getSimpleName");

  private static final Set<String> COUNTS = Set.of("getAndIncrement", "incrementAndGet", "getAndAdd", "addAndGet");

  final List<Origin> origins = new ArrayList<>();
  /** The call or lambda instruction of an origin, by the origin's position. */
  final Map<AbstractInsnNode, Integer> originOf = new HashMap<>();

  private final TypeTable types;
  private final String owner;
  private final ChangingNumbers numbers;
  /** The method adds a listener to something, so it matters which field that comes from, whatever its type. */
  private final boolean registers;
  private final Map<Origin, FlowValue> values = new HashMap<>();
  private final int[] argumentOfLocal;

  MethodFlow(TypeTable types, String owner, ChangingNumbers numbers, MethodNode method) {
    super(Opcodes.ASM9);
    this.types = types;
    this.owner = owner;
    this.numbers = numbers;
    this.registers = registersListeners(method);
    origins.add(Origin.OTHER);
    argumentOfLocal = new int[method.maxLocals + 1];
    int local = 0;
    int argument = 0;
    if ((method.access & Opcodes.ACC_STATIC) == 0) {
      argumentOfLocal[local++] = argument++;
    }
    for (Type type : Type.getArgumentTypes(method.desc)) {
      argumentOfLocal[local] = argument++;
      local += type.getSize();
    }
  }

  @Override
  public @Nullable FlowValue newValue(@Nullable Type type) {
    if (type == null) {
      return FlowValue.ONE;
    }
    return type == Type.VOID_TYPE ? null : plain(type);
  }

  private static FlowValue plain(Type type) {
    if (type.getSize() == 2) {
      return FlowValue.TWO;
    }
    return type.getSort() == Type.OBJECT ? new FlowValue(1, FlowValue.UNKNOWN, type.getInternalName()) : FlowValue.ONE;
  }

  @Override
  public FlowValue newParameterValue(boolean isInstanceMethod, int local, Type type) {
    return value(new Origin(Kind.PARAMETER, argumentOfLocal[local], null, null), type);
  }

  @Override
  public FlowValue newOperation(AbstractInsnNode insn) {
    switch (insn.getOpcode()) {
      case Opcodes.ACONST_NULL:
        return value(Origin.NULL, null);
      case Opcodes.LCONST_0, Opcodes.LCONST_1, Opcodes.DCONST_0, Opcodes.DCONST_1:
        return constant(2, null);
      case Opcodes.LDC:
        Object literal = ((LdcInsnNode) insn).cst;
        if (literal instanceof Type) {
          return value(Origin.CLASS_LITERAL, Type.getObjectType("java/lang/Class"));
        }
        return constant(literal instanceof Long || literal instanceof Double ? 2 : 1,
            literal instanceof String ? "java/lang/String" : null);
      case Opcodes.GETSTATIC:
        return field((FieldInsnNode) insn);
      case Opcodes.NEW:
        String type = ((TypeInsnNode) insn).desc;
        return madeBy(insn, Kind.NEW, type, Type.getObjectType(type));
      default:
        return insn.getOpcode() <= Opcodes.SIPUSH ? constant(1, null) : FlowValue.ONE;
    }
  }

  private static boolean registersListeners(MethodNode method) {
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof MethodInsnNode call && Watch.isListenerRegistration(call.name, call.desc)) {
        return true;
      }
    }
    return false;
  }

  private FlowValue constant(int size, @Nullable String type) {
    return new FlowValue(size, value(Origin.CONSTANT, null).origins, type);
  }

  private FlowValue counted(Type type) {
    FlowValue plain = plain(type);
    return new FlowValue(plain.size, value(Origin.COUNTED, null).origins, plain.type);
  }

  private boolean isCounted(FlowValue value) {
    for (int origin : value.origins) {
      if (origins.get(origin).kind() == Kind.COUNTED) {
        return true;
      }
    }
    return false;
  }

  private FlowValue field(FieldInsnNode insn) {
    boolean isStatic = insn.getOpcode() == Opcodes.GETSTATIC;
    Type type = Type.getType(insn.desc);
    if (types.isFollowed(insn.desc) || registers && !isStatic && insn.desc.charAt(0) == 'L' || insn.desc.equals("Z")
        || !isStatic && isSyntheticName(insn.name)) {
      return value(new Origin(Kind.FIELD, -1, null, new FieldRef(insn.owner, insn.name, insn.desc, isStatic)), type);
    }
    if (isStatic && !insn.owner.equals(owner) && ChangingNumbers.isNumber(insn.desc)) {
      // What another class holds may change there: the class set tells.
      return value(new Origin(Kind.FIELD, -1, null, new FieldRef(insn.owner, insn.name, insn.desc, true)), type);
    }
    if (numbers.onlyGoesUp(insn)) {
      return counted(type);
    }
    if (isStatic && !numbers.changes(insn)) {
      return type.getSize() == 2 ? constant(2, null)
          : constant(1, type.getSort() == Type.OBJECT ? type.getInternalName() : null);
    }
    return plain(type);
  }

  private static boolean isSyntheticName(String name) {
    return name.startsWith("val$") || name.startsWith("this$");
  }

  @Override
  public FlowValue copyOperation(AbstractInsnNode insn, FlowValue value) {
    return value;
  }

  @Override
  public @Nullable FlowValue unaryOperation(AbstractInsnNode insn, FlowValue value) {
    return switch (insn.getOpcode()) {
      case Opcodes.GETFIELD -> field((FieldInsnNode) insn);
      case Opcodes.CHECKCAST -> value.typed(((TypeInsnNode) insn).desc);
      case Opcodes.I2L -> isCounted(value) ? counted(Type.LONG_TYPE) : FlowValue.TWO;
      case Opcodes.L2I -> isCounted(value) ? counted(Type.INT_TYPE) : FlowValue.ONE;
      case Opcodes.LNEG, Opcodes.DNEG, Opcodes.I2D, Opcodes.L2D, Opcodes.F2L, Opcodes.F2D, Opcodes.D2L -> FlowValue.TWO;
      default -> FlowValue.ONE;
    };
  }

  @Override
  public @Nullable FlowValue binaryOperation(AbstractInsnNode insn, FlowValue left, FlowValue right) {
    return switch (insn.getOpcode()) {
      // A remainder, a mask or a difference of counted numbers may be one of a few.
      case Opcodes.IADD -> isCounted(left) || isCounted(right) ? counted(Type.INT_TYPE) : FlowValue.ONE;
      case Opcodes.LADD -> isCounted(left) || isCounted(right) ? counted(Type.LONG_TYPE) : FlowValue.TWO;
      case Opcodes.LALOAD, Opcodes.DALOAD, Opcodes.DADD, Opcodes.LSUB, Opcodes.DSUB, Opcodes.LMUL, Opcodes.DMUL,
          Opcodes.LDIV, Opcodes.DDIV, Opcodes.LREM, Opcodes.DREM, Opcodes.LSHL, Opcodes.LSHR, Opcodes.LUSHR, Opcodes.LAND, Opcodes.LOR,
          Opcodes.LXOR -> FlowValue.TWO;
      default -> FlowValue.ONE;
    };
  }

  @Override
  public @Nullable FlowValue ternaryOperation(AbstractInsnNode insn, FlowValue first, FlowValue second, FlowValue third) {
    return null;
  }

  @Override
  public void returnOperation(AbstractInsnNode insn, FlowValue value, FlowValue expected) {}

  @Override
  public @Nullable FlowValue naryOperation(AbstractInsnNode insn, List<? extends FlowValue> values) {
    if (insn instanceof InvokeDynamicInsnNode dynamic) {
      Type result = Type.getReturnType(dynamic.desc);
      if (FactsReader.implementationOf(dynamic) != null) {
        return madeBy(insn, Kind.LAMBDA, null, result);
      }
      return dynamic.name.startsWith("makeConcat") ? value(Origin.COMPUTED_TEXT, result) : newValue(result);
    }
    return insn instanceof MethodInsnNode call ? call(call, values) : FlowValue.ONE;
  }

  private @Nullable FlowValue call(MethodInsnNode call, List<? extends FlowValue> values) {
    Type result = Type.getReturnType(call.desc);
    if (result == Type.VOID_TYPE) {
      return null;
    }
    boolean isStatic = call.getOpcode() == Opcodes.INVOKESTATIC;
    if (isBoxing(call, values)) {
      return new FlowValue(1, values.get(0).origins, result.getInternalName());
    }
    if (call.owner.equals("java/util/Objects") && call.name.equals("requireNonNull")) {
      return values.get(0);
    }
    if (call.owner.equals("java/lang/Class") && CLASS_NAMES.contains(call.name)) {
      return value(Origin.CLASS_NAME, result);
    }
    if (isOtherEachTime(call) || isUnboxing(call) && isCounted(values.get(0))) {
      return counted(result);
    }
    if (isText(call)) {
      return value(Origin.COMPUTED_TEXT, result);
    }
    Vocabulary vocabulary = types.vocabulary();
    boolean follow;
    if (types.isFollowed(result.getDescriptor())) {
      Category category = types.categoryOf(result.getDescriptor());
      follow = category != Category.TEXT || !values.isEmpty() && isTraceable(values.get(0));
    } else {
      follow = !isStatic && vocabulary.isSizeTest(call.name) && isTraceable(values.get(0))
          || isStatic && values.isEmpty() && result.getSort() == Type.OBJECT
          || call.owner.equals(owner) && result.getDescriptor().equals("Ljava/lang/String;")
          || call.name.equals("get") && types.category(call.owner) == Category.THREAD_LOCAL;
    }
    return follow ? madeBy(call, Kind.CALL, null, result) : plain(result);
  }

  private static boolean isBoxing(MethodInsnNode call, List<? extends FlowValue> values) {
    return values.size() == 1 && call.owner.startsWith("java/lang/") && (call.name.equals("valueOf") && call.getOpcode() == Opcodes.INVOKESTATIC
        || call.name.endsWith("Value") && call.desc.startsWith("()"))
        && Type.getReturnType(call.desc).getSize() == 1 && Type.getReturnType(call.desc).getSort() == Type.OBJECT;
  }

  private static boolean isUnboxing(MethodInsnNode call) {
    return call.owner.startsWith("java/lang/") && (call.name.equals("longValue") || call.name.equals("intValue"));
  }

  private static boolean isOtherEachTime(MethodInsnNode call) {
    return switch (call.owner) {
      case "java/util/concurrent/atomic/AtomicInteger", "java/util/concurrent/atomic/AtomicLong" -> COUNTS.contains(call.name);
      case "java/lang/System" -> call.name.equals("nanoTime") || call.name.equals("currentTimeMillis");
      case "java/util/UUID" -> call.name.equals("randomUUID");
      default -> false;
    };
  }

  static boolean isText(MethodInsnNode call) {
    return call.desc.endsWith(")Ljava/lang/String;")
        && (call.name.equals("toString") && call.owner.startsWith("java/lang/StringBu")
            || call.owner.equals("java/lang/String") && (call.name.equals("concat") || call.name.equals("format")
                || call.name.equals("join")));
  }

  boolean isTraceable(FlowValue value) {
    for (int origin : value.origins) {
      if (origins.get(origin).isTraceable()) {
        return true;
      }
    }
    return false;
  }

  private FlowValue madeBy(AbstractInsnNode insn, Kind kind, @Nullable String type, Type result) {
    Integer known = originOf.get(insn);
    if (known == null) {
      known = origins.size();
      origins.add(new Origin(kind, known, type, null));
      originOf.put(insn, known);
    }
    return new FlowValue(result.getSize(), new int[] {known}, result.getSort() == Type.OBJECT ? result.getInternalName() : null);
  }

  private FlowValue value(Origin origin, @Nullable Type type) {
    FlowValue known = values.get(origin);
    if (known == null) {
      origins.add(origin);
      int size = type == null ? 1 : type.getSize();
      String name = type != null && type.getSort() == Type.OBJECT ? type.getInternalName() : null;
      known = new FlowValue(size, new int[] {origins.size() - 1}, name);
      values.put(origin, known);
    }
    return known;
  }

  @Override
  public FlowValue merge(FlowValue first, FlowValue second) {
    return first.merge(second);
  }
}
