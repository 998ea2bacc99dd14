package leaksafe.lint.internal.facts;

import java.lang.reflect.Modifier;
import java.util.List;

/**
 * What one method does.
 *
 * @param callees every method that it calls or refers to, in the order of first mention
 * @param returned positions of the origins of what it returns
 * @param passed positions of the origins that went where the analysis does not follow: array elements, thrown objects
 * @param locks it is synchronized, enters a monitor or takes a lock
 * @param buildsText it returns text that it puts together
 * @param returnsNull a return statement of it says null
 * @param analysed whether its data flow was followed; if not, the lists of facts hold only calls without arguments
 */
public record MethodFacts(String name, String desc, int access, int line, boolean locks, boolean buildsText, boolean returnsNull, boolean analysed,
    List<MethodRef> callees, List<Origin> origins, List<CallFact> calls, List<StoreFact> stores, List<LambdaFact> lambdas, int[] returned, int[] passed,
    List<String> annotations, List<Suppression> suppressions) {

  public boolean isStatic() {
    return Modifier.isStatic(access);
  }

  public boolean isStaticInitializer() {
    return name.equals("<clinit>");
  }

  public boolean isConstructor() {
    return name.equals("<init>");
  }

  /** Returns whether code outside the package can call it. */
  public boolean isApi() {
    return (access & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0 && !isSynthetic();
  }

  public boolean isSynthetic() {
    return (access & 0x1000) != 0;
  }

  /** Returns whether a value with these origins, as positions in the table, is always null. */
  public boolean isNull(int[] value) {
    for (int index : value) {
      if (origins.get(index).kind() != Origin.Kind.NULL) {
        return false;
      }
    }
    return value.length > 0;
  }
}
