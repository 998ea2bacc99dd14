package leaksafe.junit.internal;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;

/**
 * Reads of a class file where it makes objects and uses fields. Knows of the format (The Java Virtual Machine Specification, chapters 4 and 6) just
 * enough to walk over the instructions.
 */
final class ClassFileReader {
  private static final int MAGIC = 0xCAFEBABE;
  private static final int GETSTATIC = 0xB2;
  private static final int PUTFIELD = 0xB5;
  private static final int INVOKEDYNAMIC = 0xBA;
  private static final int NEW = 0xBB;
  private static final int TABLESWITCH = 0xAA;
  private static final int LOOKUPSWITCH = 0xAB;
  private static final int WIDE = 0xC4;
  private static final int IINC = 0x84;

  // How long each instruction is, its opcode included, from 0 to 0xC9; 0 for those that say so themselves.
  private static final String LENGTHS = "1111111111111111" + "2323322222111111" + "1111111111111111" + "1111112222211111" + "1111111111111111"
      + "1111111111111111" + "1111111111111111" + "1111111111111111" + "1111311111111111" + "1111111113333333"
      + "3333333332001111" + "1133333335532311" + "3311043355";

  /** Is told of what the code of a class does, with the line that does it or 0. */
  interface Visitor {
    void creates(String className, Place place);

    void usesField(String className, String field, Place place);

    void makesLambda(Place place);
  }

  private static final Visitor NOBODY = new Visitor() {
    @Override
    public void creates(String className, Place place) {}

    @Override
    public void usesField(String className, String field, Place place) {}

    @Override
    public void makesLambda(Place place) {}
  };

  /** A place in a class. */
  record Place(String className, String method, String file, int line) {
    @Override
    public String toString() {
      return className + "." + method + "(" + file + (line > 0 ? ":" + line : "") + ")";
    }
  }

  private final DataInputStream in;
  private final Visitor visitor;
  private final Object[] constants;
  private String className = "?";
  private String file = "Unknown Source";

  private ClassFileReader(byte[] bytes, Visitor visitor) throws IOException {
    this.in = new DataInputStream(new ByteArrayInputStream(bytes));
    this.visitor = visitor;
    if (in.readInt() != MAGIC) {
      throw new IOException("this is no class file");
    }
    in.skipBytes(4);
    constants = new Object[in.readUnsignedShort()];
  }

  /** Reads a class file. */
  static void read(byte[] bytes, Visitor visitor) throws IOException {
    whole(bytes, visitor);
  }

  /** Returns the name of the file that a class was compiled from, or "Unknown Source" if the class does not say. */
  static String sourceFile(byte[] bytes) throws IOException {
    return whole(bytes, NOBODY).file;
  }

  private static ClassFileReader whole(byte[] bytes, Visitor visitor) throws IOException {
    try {
      ClassFileReader reader = new ClassFileReader(bytes, visitor);
      reader.read();
      return reader;
    } catch (IndexOutOfBoundsException | ClassCastException | NullPointerException e) {
      throw new IOException("the class file is damaged", e);
    }
  }

  private record Code(String method, byte[] bytes, int[] starts, int[] lines) {}

  private void read() throws IOException {
    readConstants();
    in.skipBytes(2);
    className = nameOfClass(in.readUnsignedShort());
    in.skipBytes(2);
    in.skipBytes(2 * in.readUnsignedShort());
    int fields = in.readUnsignedShort();
    for (int i = 0; i < fields; i++) {
      in.skipBytes(6);
      skipAttributes();
    }
    Code[] codes = new Code[in.readUnsignedShort()];
    for (int i = 0; i < codes.length; i++) {
      in.skipBytes(2);
      String method = (String) constants[in.readUnsignedShort()];
      in.skipBytes(2);
      codes[i] = readCode(method);
    }
    int attributes = in.readUnsignedShort();
    for (int i = 0; i < attributes; i++) {
      Object name = constants[in.readUnsignedShort()];
      int length = in.readInt();
      if ("SourceFile".equals(name)) {
        file = (String) constants[in.readUnsignedShort()];
      } else {
        in.skipBytes(length);
      }
    }
    for (Code code : codes) {
      if (code.bytes.length > 0) {
        walk(code);
      }
    }
  }

  private void readConstants() throws IOException {
    for (int i = 1; i < constants.length; i++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 1 -> constants[i] = in.readUTF();
        case 7, 8, 16, 19, 20 -> constants[i] = new int[] {in.readUnsignedShort()};
        case 9, 10, 11, 12, 17, 18 -> constants[i] = new int[] {in.readUnsignedShort(), in.readUnsignedShort()};
        case 3, 4 -> in.skipBytes(4);
        case 15 -> in.skipBytes(3);
        case 5, 6 -> {
          in.skipBytes(8);
          i++; // they take two places
        }
        default -> throw new IOException("there is no constant of kind " + tag);
      }
    }
  }

  private String nameOfClass(int constant) {
    return ((String) constants[((int[]) constants[constant])[0]]).replace('/', '.');
  }

  private void skipAttributes() throws IOException {
    int count = in.readUnsignedShort();
    for (int i = 0; i < count; i++) {
      in.skipBytes(2);
      in.skipBytes(in.readInt());
    }
  }

  private Code readCode(String method) throws IOException {
    Code code = new Code(method, new byte[0], new int[0], new int[0]);
    int attributes = in.readUnsignedShort();
    for (int i = 0; i < attributes; i++) {
      Object name = constants[in.readUnsignedShort()];
      int length = in.readInt();
      if (!"Code".equals(name)) {
        in.skipBytes(length);
        continue;
      }
      in.skipBytes(4);
      byte[] bytes = in.readNBytes(in.readInt());
      in.skipBytes(8 * in.readUnsignedShort());
      code = new Code(method, bytes, new int[0], new int[0]);
      int inner = in.readUnsignedShort();
      for (int j = 0; j < inner; j++) {
        Object innerName = constants[in.readUnsignedShort()];
        int innerLength = in.readInt();
        if ("LineNumberTable".equals(innerName)) {
          int[] starts = new int[in.readUnsignedShort()];
          int[] lines = new int[starts.length];
          for (int k = 0; k < starts.length; k++) {
            starts[k] = in.readUnsignedShort();
            lines[k] = in.readUnsignedShort();
          }
          code = new Code(method, bytes, starts, lines);
        } else {
          in.skipBytes(innerLength);
        }
      }
    }
    return code;
  }

  private void walk(Code code) throws IOException {
    byte[] bytes = code.bytes;
    for (int at = 0; at < bytes.length; at += length(bytes, at)) {
      int opcode = bytes[at] & 0xFF;
      if (opcode == NEW) {
        visitor.creates(nameOfClass(unsignedShort(bytes, at + 1)), place(code, at));
      } else if (opcode >= GETSTATIC && opcode <= PUTFIELD) {
        int[] field = (int[]) constants[unsignedShort(bytes, at + 1)];
        String name = (String) constants[((int[]) constants[field[1]])[0]];
        visitor.usesField(nameOfClass(field[0]), name, place(code, at));
      } else if (opcode == INVOKEDYNAMIC) {
        int[] call = (int[]) constants[unsignedShort(bytes, at + 1)];
        String name = (String) constants[((int[]) constants[call[1]])[0]];
        if (!name.startsWith("makeConcat") && !name.equals("typeSwitch")) {
          visitor.makesLambda(place(code, at));
        }
      }
    }
  }

  private Place place(Code code, int at) {
    int line = 0;
    int closest = -1;
    for (int i = 0; i < code.starts.length; i++) {
      if (code.starts[i] <= at && code.starts[i] > closest) {
        closest = code.starts[i];
        line = code.lines[i];
      }
    }
    return new Place(className, code.method, file, line);
  }

  private static int length(byte[] bytes, int at) throws IOException {
    int opcode = bytes[at] & 0xFF;
    int length = opcode < LENGTHS.length() ? LENGTHS.charAt(opcode) - '0' : 0;
    if (opcode == WIDE) {
      return (bytes[at + 1] & 0xFF) == IINC ? 6 : 4;
    }
    if (opcode == TABLESWITCH || opcode == LOOKUPSWITCH) {
      int aligned = (at + 4) & ~3;
      return opcode == TABLESWITCH
          ? aligned + 12 + 4 * (integer(bytes, aligned + 8) - integer(bytes, aligned + 4) + 1) - at
          : aligned + 8 + 8 * integer(bytes, aligned + 4) - at;
    }
    if (length == 0) {
      throw new IOException("there is no instruction " + opcode);
    }
    return length;
  }

  private static int unsignedShort(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
  }

  private static int integer(byte[] bytes, int at) {
    return unsignedShort(bytes, at) << 16 | unsignedShort(bytes, at + 2);
  }
}
