package leaksafe.lint.internal.facts;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leaksafe.lint.internal.facts.CallFact.Guards;
import leaksafe.lint.internal.facts.CallFact.Use;
import leaksafe.lint.internal.facts.Origin.Kind;
import org.jspecify.annotations.Nullable;

/** Turns {@link ClassFacts} into bytes and back. Each text is written once for each class and referred to by its number. */
final class FactsCodec {
  /** Raised whenever the facts of a class file, or how they are written, change. */
  static final int FORMAT = 6;

  private FactsCodec() {}

  static byte[] encode(ClassFacts facts) {
    try {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      Writer writer = new Writer(new DataOutputStream(body));
      writer.write(facts);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(all);
      out.writeInt(writer.texts.size());
      for (String text : writer.texts.keySet()) {
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
      }
      body.writeTo(out);
      return all.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IOException or a RuntimeException of any kind if it did not write these bytes
   */
  static ClassFacts decode(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    int count = in.readInt();
    if (count < 0 || count > bytes.length) {
      throw new IOException("a table of " + count + " texts in " + bytes.length + " bytes");
    }
    String[] texts = new String[count];
    for (int i = 0; i < count; i++) {
      int length = in.readInt();
      byte[] text = in.readNBytes(length);
      if (text.length < length) {
        throw new IOException("broken off inside of text " + i + " of " + count);
      }
      texts[i] = new String(text, java.nio.charset.StandardCharsets.UTF_8);
    }
    return new Reader(in, texts).read();
  }

  private interface Write<T> {
    void to(T value) throws IOException;
  }

  private interface Read<T> {
    T next() throws IOException;
  }

  private static final class Writer {
    final Map<String, Integer> texts = new java.util.LinkedHashMap<>();
    private final DataOutputStream out;

    Writer(DataOutputStream out) {
      this.out = out;
    }

    void write(ClassFacts facts) throws IOException {
      text(facts.name());
      text(facts.superName());
      list(facts.interfaces(), this::text);
      out.writeInt(facts.access());
      text(facts.signature());
      text(facts.sourceFile());
      text(facts.host());
      list(facts.fields(), this::field);
      list(facts.methods(), this::method);
      list(facts.annotations(), this::text);
      list(facts.suppressions(), this::suppression);
    }

    private void field(FieldFacts field) throws IOException {
      text(field.name());
      text(field.desc());
      text(field.signature());
      out.writeInt(field.access());
      list(field.annotations(), this::text);
      list(field.suppressions(), this::suppression);
    }

    private void method(MethodFacts method) throws IOException {
      text(method.name());
      text(method.desc());
      out.writeInt(method.access());
      out.writeInt(method.line());
      out.writeBoolean(method.locks());
      out.writeBoolean(method.buildsText());
      out.writeBoolean(method.returnsNull());
      out.writeBoolean(method.analysed());
      list(method.callees(), this::reference);
      list(method.origins(), this::origin);
      list(method.calls(), this::call);
      list(method.stores(), this::store);
      list(method.lambdas(), this::lambda);
      numbers(method.returned());
      numbers(method.passed());
      list(method.annotations(), this::text);
      list(method.suppressions(), this::suppression);
    }

    private void origin(Origin origin) throws IOException {
      out.writeByte(origin.kind().ordinal());
      out.writeInt(origin.index());
      text(origin.type());
      FieldRef field = origin.field();
      out.writeBoolean(field != null);
      if (field != null) {
        field(field);
      }
    }

    private void call(CallFact call) throws IOException {
      reference(call.callee());
      out.writeBoolean(call.isStatic());
      list(call.arguments(), this::numbers);
      out.writeInt(call.line());
      text(call.keyType());
      out.writeBoolean(call.guards().onceStatic());
      out.writeBoolean(call.guards().onceInstance());
      numbers(call.guards().sizes());
      out.writeByte(call.use().ordinal());
    }

    private void store(StoreFact store) throws IOException {
      field(store.field());
      numbers(store.value());
      out.writeInt(store.line());
      out.writeBoolean(store.lazy());
    }

    private void lambda(LambdaFact lambda) throws IOException {
      reference(lambda.implementation());
      out.writeBoolean(lambda.isStatic());
      list(lambda.captures(), this::numbers);
      out.writeInt(lambda.line());
      out.writeBoolean(lambda.escapes());
    }

    private void reference(MethodRef method) throws IOException {
      text(method.owner());
      text(method.name());
      text(method.desc());
    }

    private void field(FieldRef field) throws IOException {
      text(field.owner());
      text(field.name());
      text(field.desc());
      out.writeBoolean(field.isStatic());
    }

    private void suppression(Suppression suppression) throws IOException {
      text(suppression.rule());
      text(suppression.reason());
    }

    private void numbers(int[] numbers) throws IOException {
      out.writeInt(numbers.length);
      for (int number : numbers) {
        out.writeInt(number);
      }
    }

    private void text(@Nullable String text) throws IOException {
      out.writeInt(text == null ? -1 : texts.computeIfAbsent(text, key -> texts.size()));
    }

    private <T> void list(List<T> values, Write<T> write) throws IOException {
      out.writeInt(values.size());
      for (T value : values) {
        write.to(value);
      }
    }
  }

  private static final class Reader {
    private static final Kind[] KINDS = Kind.values();
    private static final Use[] USES = Use.values();

    private final DataInputStream in;
    private final String[] texts;
    private final Map<MethodRef, MethodRef> references = new HashMap<>();

    Reader(DataInputStream in, String[] texts) {
      this.in = in;
      this.texts = texts;
    }

    ClassFacts read() throws IOException {
      return new ClassFacts(text(), textOrNull(), list(this::text), in.readInt(), textOrNull(), textOrNull(), text(), list(this::field),
          list(this::method), list(this::text), list(this::suppression));
    }

    private FieldFacts field() throws IOException {
      return new FieldFacts(text(), text(), textOrNull(), in.readInt(), list(this::text), list(this::suppression));
    }

    private MethodFacts method() throws IOException {
      return new MethodFacts(text(), text(), in.readInt(), in.readInt(), in.readBoolean(), in.readBoolean(), in.readBoolean(), in.readBoolean(),
          list(this::reference),
          list(this::origin), list(this::call), list(this::store), list(this::lambda), numbers(), numbers(), list(this::text),
          list(this::suppression));
    }

    private Origin origin() throws IOException {
      return new Origin(KINDS[in.readByte()], in.readInt(), textOrNull(), in.readBoolean() ? fieldReference() : null);
    }

    private CallFact call() throws IOException {
      return new CallFact(reference(), in.readBoolean(), list(this::numbers), in.readInt(), textOrNull(), guards(), USES[in.readByte()]);
    }

    private Guards guards() throws IOException {
      Guards guards = new Guards(in.readBoolean(), in.readBoolean(), numbers());
      return guards.onceStatic() || guards.onceInstance() || guards.sizes().length > 0 ? guards : Guards.NONE;
    }

    private StoreFact store() throws IOException {
      return new StoreFact(fieldReference(), numbers(), in.readInt(), in.readBoolean());
    }

    private LambdaFact lambda() throws IOException {
      return new LambdaFact(reference(), in.readBoolean(), list(this::numbers), in.readInt(), in.readBoolean());
    }

    private MethodRef reference() throws IOException {
      MethodRef read = new MethodRef(text(), text(), text());
      MethodRef known = references.putIfAbsent(read, read);
      return known == null ? read : known;
    }

    private FieldRef fieldReference() throws IOException {
      return new FieldRef(text(), text(), text(), in.readBoolean());
    }

    private Suppression suppression() throws IOException {
      return new Suppression(text(), text());
    }

    private int[] numbers() throws IOException {
      int[] numbers = new int[size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = in.readInt();
      }
      return numbers;
    }

    private String text() throws IOException {
      return texts[in.readInt()];
    }

    private @Nullable String textOrNull() throws IOException {
      int number = in.readInt();
      return number < 0 ? null : texts[number];
    }

    private <T> List<T> list(Read<T> read) throws IOException {
      int size = size();
      List<T> values = new ArrayList<>(size);
      for (int i = 0; i < size; i++) {
        values.add(read.next());
      }
      return values;
    }

    /** Reads a count, which cannot be more than the bytes that are left. */
    private int size() throws IOException {
      int size = in.readInt();
      if (size < 0 || size > in.available()) {
        throw new IOException("a list of " + size + " in " + in.available() + " bytes");
      }
      return size;
    }
  }
}
