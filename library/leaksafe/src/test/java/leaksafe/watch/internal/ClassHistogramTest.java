package leaksafe.watch.internal;

import static org.assertj.core.api.Assertions.assertThat;

import leaksafe.watch.ClassCount;
import org.junit.jupiter.api.Test;

class ClassHistogramTest {

  @Test
  void names_are_javas_and_hidden_classes_and_loaders_are_added_up() {
    assertThat(ClassHistogram.parse("""
         num     #instances         #bytes  class name (module)
        -------------------------------------------------------
           1:         22000        1234567  [B (java.base@17.0.15)
           2:            10            400  [[Ljava.lang.String; (java.base@17.0.15)
           3:             7             70  com.acme.Order
           4:             3             30  com.acme.Order
           5:             2             32  com.acme.App$$Lambda$14/0x0000000800c03000
           6:             1             16  com.acme.App$$Lambda/0x00007f1c0c003200
           7:             1             16  com.acme.App$$Lambda+0x00007f1c0c003400
           8:             4             64  [[[J
        Total         22028        1235195
        """)).containsExactly(
        new ClassCount("byte[]", 22000, 1234567), new ClassCount("java.lang.String[][]", 10, 400), new ClassCount("com.acme.Order", 10, 100),
        new ClassCount("com.acme.App$$Lambda", 4, 64), new ClassCount("long[][][]", 4, 64));
  }
}
