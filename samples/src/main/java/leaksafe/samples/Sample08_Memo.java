package leaksafe.samples;

import java.math.BigInteger;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import leaksafe.memo.InstanceMemo;
import leaksafe.memo.Memo;

/**
 * The leak: a static map of results, whose keys hold the objects that the method belongs to. The cure: a memo, bounded, which keeps no
 * instance alive.
 */
public final class Sample08_Memo {
  private static final Memo<Integer, BigInteger> FIBONACCI = Memo.of(Sample08_Memo::fibonacci);

  private Sample08_Memo() {}

  private static BigInteger fibonacci(int n) {
    return n < 2 ? BigInteger.valueOf(n) : FIBONACCI.apply(n - 1).add(FIBONACCI.apply(n - 2));
  }

  /** An object with a method that is called too often. */
  static final class Report {
    private record Call(Report report, String language) {}

    private static final Map<Call, String> EVER_GROWING = new ConcurrentHashMap<>();
    private static final InstanceMemo<Report, String, String> TEXTS = Memo.perInstance(Report::render);

    private final byte[] data = new byte[100_000];

    String leaky(String language) {
      return EVER_GROWING.computeIfAbsent(new Call(this, language), call -> render(language));
    }

    String text(String language) {
      return TEXTS.apply(this, language);
    }

    private String render(String language) {
      return data.length + " bytes in " + language;
    }
  }

  /** Shows both. */
  public static void main(String[] args) throws InterruptedException {
    System.out.println("fibonacci(300) = " + FIBONACCI.apply(300) + ", " + FIBONACCI.info());
    for (int i = 0; i < 100; i++) {
      new Report().leaky("en");
      new Report().text("en");
    }
    System.out.println("the map holds " + Report.EVER_GROWING.size() + " reports, and will hold more");
    while (Report.TEXTS.info().size() > 0) {
      System.gc();
      Thread.sleep(20);
    }
    System.out.println("the memo held each as long as somebody else did: " + Report.TEXTS.info());
    Memo<String, String> cycle = Memo.of(Sample08_Memo::needsItself);
    try {
      cycle.apply("a");
    } catch (IllegalStateException e) {
      System.out.println("a true cycle: " + e.getMessage());
    }
  }

  private static final Memo<String, String> NEXT = Memo.of(key -> needsItself(key.equals("a") ? "b" : "a"));

  private static String needsItself(String key) {
    return NEXT.apply(key);
  }
}
