package leaksafe.lab.input;

/**
 * One class of the JDK as it comes from the {@link JdkClasses stream}.
 *
 * @param id unique in the stream: module, path and, from the second round on, the number of the round
 * @param module the name of the module, such as {@code java.base}
 * @param path the path in the module, such as {@code java/lang/String.class}
 * @param bytes the class file
 */
@SuppressWarnings("ArrayRecordComponent")
public record JdkClass(String id, String module, String path, byte[] bytes) {

  /** Parses the class file. */
  public ClassFile parse() {
    return ClassFile.parse(bytes);
  }
}
