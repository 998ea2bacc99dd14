package leaksafe.lab.input;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A parsed class file, as far as its constant pool and its place in the type hierarchy go. The format is that of the Java Virtual
 * Machine Specification, chapter 4.
 *
 * <p>Compared by identity, like most objects of real programs.
 */
public final class ClassFile {
  private static final int MAGIC = 0xCAFEBABE;

  private final String name;
  private final @Nullable String superName;
  private final List<String> interfaces;
  private final List<String> texts;
  private final List<String> referencedClasses;
  private final byte[] bytes; // of the methods, which are read only when asked for

  private ClassFile(String name, @Nullable String superName, List<String> interfaces, List<String> texts, List<String> referencedClasses,
      byte[] bytes) {
    this.name = name;
    this.superName = superName;
    this.interfaces = interfaces;
    this.texts = texts;
    this.referencedClasses = referencedClasses;
    this.bytes = bytes;
  }

  /**
   * Parses a class file.
   *
   * @throws IllegalArgumentException if it is not one, or is cut short
   */
  public static ClassFile parse(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return parse(in, bytes);
    } catch (IOException e) {
      throw new IllegalArgumentException("a class file must be complete, but ended after " + bytes.length + " bytes", e);
    }
  }

  private static ClassFile parse(DataInputStream in, byte[] bytes) throws IOException {
    int magic = in.readInt();
    if (magic != MAGIC) {
      throw new IllegalArgumentException("a class file must begin with 0xCAFEBABE, but began with 0x" + Integer.toHexString(magic));
    }
    in.skipNBytes(4); // minor and major version
    int count = in.readUnsignedShort();
    @Nullable String[] text = new @Nullable String[count];
    int[] nameOfClass = new int[count];
    readConstants(in, text, nameOfClass);
    in.skipNBytes(2); // access flags
    String name = className(in.readUnsignedShort(), text, nameOfClass);
    int superIndex = in.readUnsignedShort();
    String superName = superIndex == 0 ? null : className(superIndex, text, nameOfClass);
    List<String> interfaces = new ArrayList<>();
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      interfaces.add(className(in.readUnsignedShort(), text, nameOfClass));
    }
    List<String> texts = new ArrayList<>();
    List<String> referenced = new ArrayList<>();
    for (int i = 1; i < count; i++) {
      String constant = text[i];
      if (constant != null) {
        texts.add(constant);
      } else if (nameOfClass[i] != 0) {
        referenced.add(className(i, text, nameOfClass));
      }
    }
    return new ClassFile(name, superName, List.copyOf(interfaces), List.copyOf(texts), List.copyOf(referenced), bytes);
  }

  private static void readConstants(DataInputStream in, @Nullable String[] text, int[] nameOfClass) throws IOException {
    for (int i = 1; i < text.length; i++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 1 -> text[i] = in.readUTF();
        case 7 -> nameOfClass[i] = in.readUnsignedShort();
        case 8, 16, 19, 20 -> in.skipNBytes(2); // string, method type, module, package
        case 15 -> in.skipNBytes(3); // method handle
        case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4); // numbers, members, name and type, dynamic
        case 5, 6 -> { // long and double take two places
          in.skipNBytes(8);
          i++;
        }
        default -> throw new IllegalArgumentException("a constant's tag must be one of 1 to 20, but was " + tag + " at " + i);
      }
    }
  }

  private static String className(int index, @Nullable String[] text, int[] nameOfClass) {
    String name = text[nameOfClass[index]];
    if (name == null) {
      throw new IllegalArgumentException("constant " + index + " must name a class, but does not");
    }
    return name;
  }

  /** Returns the binary name with slashes, such as {@code java/lang/String}. */
  public String name() {
    return name;
  }

  /** Returns the name of the superclass, or null for {@code java/lang/Object} and modules. */
  public @Nullable String superName() {
    return superName;
  }

  /** Returns the names of the interfaces, in order. */
  public List<String> interfaces() {
    return interfaces;
  }

  /** Returns all texts of the constant pool: names, descriptors, string literals. */
  public List<String> texts() {
    return texts;
  }

  /** Returns the names of all classes that the constant pool refers to, its own among them. */
  public List<String> referencedClasses() {
    return referencedClasses;
  }

  /** Returns the size of the class file, in bytes. */
  public int size() {
    return bytes.length;
  }

  @Override
  public String toString() {
    return "ClassFile[" + name + "]";
  }
}
