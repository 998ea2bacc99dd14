package leaksafe.lint.internal.facts;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Turns the bytes of a class file into {@link ClassFacts}. Safe for use by many threads. */
public final class FactsReader {
  private final TypeTable types;

  public FactsReader(TypeTable types) {
    this.types = types;
  }

  /**
   * Reads a class.
   *
   * @throws RuntimeException of any kind if the bytes are no class file; what kind is not promised
   */
  public ClassFacts read(byte[] bytes) {
    ClassNode node = new Bare();
    new ClassReader(bytes).accept(node, ClassReader.SKIP_FRAMES);
    List<FieldFacts> fields = new ArrayList<>(node.fields.size());
    for (FieldNode field : node.fields) {
      fields.add(new FieldFacts(field.name, field.desc, field.signature, field.access,
          Annotations.names(field.visibleAnnotations, field.invisibleAnnotations),
          Annotations.suppressions(field.visibleAnnotations, field.invisibleAnnotations)));
    }
    List<MethodFacts> methods = new ArrayList<>(node.methods.size());
    ChangingNumbers numbers = new ChangingNumbers(node);
    for (MethodNode method : node.methods) {
      methods.add(read(node.name, numbers, method));
    }
    return new ClassFacts(node.name, node.superName, List.copyOf(node.interfaces), node.access, node.signature, node.sourceFile,
        host(node), fields, methods, Annotations.names(node.visibleAnnotations, node.invisibleAnnotations),
        Annotations.suppressions(node.visibleAnnotations, node.invisibleAnnotations));
  }

  /** A class without the names of local variables, of which class files have many and which no rule asks for. */
  private static final class Bare extends ClassNode {
    Bare() {
      super(Opcodes.ASM9);
    }

    @Override
    public MethodVisitor visitMethod(int access, String name, String desc, @Nullable String signature, String @Nullable [] exceptions) {
      MethodNode method = new MethodNode(Opcodes.ASM9, access, name, desc, signature, exceptions) {
        @Override
        public void visitLocalVariable(String variable, String type, @Nullable String generic, Label start, Label end, int index) {}
      };
      methods.add(method);
      return method;
    }
  }

  private static String host(ClassNode node) {
    if (node.nestHostClass != null) {
      return node.nestHostClass;
    }
    int dollar = node.name.indexOf('$', node.name.lastIndexOf('/') + 2);
    return dollar < 0 ? node.name : node.name.substring(0, dollar);
  }

  private MethodFacts read(String owner, ChangingNumbers numbers, MethodNode method) {
    Set<MethodRef> callees = new LinkedHashSet<>();
    boolean locks = (method.access & Opcodes.ACC_SYNCHRONIZED) != 0;
    boolean relevant = hasFollowedParameter(method) || isFollowedResult(method.desc);
    int line = -1;
    List<CallFact> watched = new ArrayList<>();
    int lastLine = -1;
    boolean buildsText = false;
    boolean text = false;
    boolean returnsNull = false;
    boolean nothing = false;
    for (AbstractInsnNode insn = method.instructions.getFirst(); insn != null; insn = insn.getNext()) {
      if (insn.getOpcode() >= 0) {
        buildsText |= text && insn.getOpcode() == Opcodes.ARETURN;
        text = buildsText(insn);
        returnsNull |= nothing && insn.getOpcode() == Opcodes.ARETURN;
        nothing = insn.getOpcode() == Opcodes.ACONST_NULL;
      }
      if (insn instanceof LineNumberNode number) {
        lastLine = number.line;
        line = line < 0 ? lastLine : line;
      } else if (insn instanceof FieldInsnNode field) {
        relevant |= types.isFollowed(field.desc);
      } else if (insn instanceof MethodInsnNode call) {
        MethodRef ref = new MethodRef(call.owner, call.name, call.desc);
        callees.add(ref);
        locks |= call.name.startsWith("lock") && call.owner.startsWith("java/util/concurrent/locks/");
        Watch watch = Watch.of(call.owner, call.name, call.desc);
        relevant |= watch == Watch.FLOW || isFollowedResult(call);
        if (watch == Watch.SITE) {
          watched.add(new CallFact(ref, call.getOpcode() == Opcodes.INVOKESTATIC, List.of(), lastLine, null, CallFact.Guards.NONE,
              CallFact.Use.NONE));
        }
      } else if (insn instanceof InvokeDynamicInsnNode dynamic) {
        Handle implementation = implementationOf(dynamic);
        if (implementation != null) {
          callees.add(new MethodRef(implementation.getOwner(), implementation.getName(), implementation.getDesc()));
          relevant |= capturesFollowed(dynamic.desc);
        }
      } else if (insn.getOpcode() == Opcodes.MONITORENTER) {
        locks = true;
      }
    }
    MethodFactsBuilder builder =
        new MethodFactsBuilder(types, owner, numbers, method, line, locks, buildsText, returnsNull, List.copyOf(callees));
    return relevant && method.instructions.size() > 0 ? builder.follow(watched) : builder.unfollowed(watched, true);
  }

  /** Returns whether an instruction yields text that was put together. */
  private static boolean buildsText(AbstractInsnNode insn) {
    return insn instanceof InvokeDynamicInsnNode dynamic && dynamic.name.startsWith("makeConcat")
        || insn instanceof MethodInsnNode call && MethodFlow.isText(call);
  }

  private boolean hasFollowedParameter(MethodNode method) {
    return method.instructions.size() > 0 && capturesFollowed(method.desc);
  }

  private boolean capturesFollowed(String desc) {
    int end = desc.indexOf(')');
    for (int i = 1; i < end; i++) {
      if (desc.charAt(i) == 'L') {
        int semicolon = desc.indexOf(';', i);
        switch (types.category(desc.substring(i + 1, semicolon))) {
          case NONE, TEXT -> { }
          default -> {
            return true;
          }
        }
        i = semicolon;
      }
    }
    return false;
  }

  /** A followed object that a method of the users' code or of leaksafe gives out; the JDK's own methods give views of what is known, or executors. */
  private boolean isFollowedResult(MethodInsnNode call) {
    if (call.owner.equals("java/util/concurrent/Executors")) {
      return true;
    }
    if (call.owner.startsWith("java/") && !types.contains(call.owner)) {
      return false;
    }
    return isFollowedResult(call.desc);
  }

  private boolean isFollowedResult(String desc) {
    return switch (types.categoryOf(desc.substring(desc.indexOf(')') + 1))) {
      case NONE, TEXT -> false;
      default -> true;
    };
  }

  static @Nullable Handle implementationOf(InvokeDynamicInsnNode dynamic) {
    if (!dynamic.bsm.getOwner().equals("java/lang/invoke/LambdaMetafactory")) {
      return null;
    }
    for (Object argument : dynamic.bsmArgs) {
      if (argument instanceof Handle handle) {
        return handle;
      }
    }
    return null;
  }

  /** Reads annotations of both retentions. */
  static final class Annotations {
    private static final String SUPPRESS = "Lleaksafe/SuppressLeak;";
    private static final String SUPPRESS_ALL = "Lleaksafe/SuppressLeak$All;";
    private static final String BOUNDED = "Lleaksafe/Bounded;";

    private Annotations() {}

    static List<String> names(@Nullable List<AnnotationNode> visible, @Nullable List<AnnotationNode> invisible) {
      List<String> names = new ArrayList<>(0);
      for (AnnotationNode annotation : both(visible, invisible)) {
        names.add(annotation.desc.substring(1, annotation.desc.length() - 1));
      }
      return names;
    }

    static List<Suppression> suppressions(@Nullable List<AnnotationNode> visible, @Nullable List<AnnotationNode> invisible) {
      List<Suppression> found = new ArrayList<>(0);
      for (AnnotationNode annotation : both(visible, invisible)) {
        if (annotation.desc.equals(SUPPRESS)) {
          found.add(new Suppression(String.valueOf(value(annotation, "rule")), text(value(annotation, "reason"))));
        } else if (annotation.desc.equals(SUPPRESS_ALL) && value(annotation, "value") instanceof List<?> many) {
          for (Object one : many) {
            if (one instanceof AnnotationNode nested) {
              found.add(new Suppression(String.valueOf(value(nested, "rule")), text(value(nested, "reason"))));
            }
          }
        } else if (annotation.desc.equals(BOUNDED)) {
          found.add(new Suppression("@Bounded", value(annotation, "max") + " " + text(value(annotation, "by"))));
        } else if (annotation.desc.endsWith("/SuppressFBWarnings;")) {
          Object patterns = value(annotation, "value");
          for (Object pattern : patterns instanceof List<?> many ? many : List.of(text(patterns))) {
            if (String.valueOf(pattern).startsWith("PMB_")) {
              found.add(new Suppression(String.valueOf(pattern), "@SuppressFBWarnings: " + text(value(annotation, "justification"))));
            }
          }
        }
      }
      return found;
    }

    private static List<AnnotationNode> both(@Nullable List<AnnotationNode> visible, @Nullable List<AnnotationNode> invisible) {
      List<AnnotationNode> all = new ArrayList<>(0);
      if (visible != null) {
        all.addAll(visible);
      }
      if (invisible != null) {
        all.addAll(invisible);
      }
      return all;
    }

    private static @Nullable Object value(AnnotationNode annotation, String name) {
      List<Object> values = annotation.values;
      for (int i = 0; values != null && i + 1 < values.size(); i += 2) {
        if (values.get(i).equals(name)) {
          return values.get(i + 1);
        }
      }
      return null;
    }

    private static String text(@Nullable Object value) {
      return value == null ? "" : value.toString();
    }
  }
}
