package leaksafe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StandardOutputTest {

  private static StandardOutput failing(String message) {
    StandardOutput out = new StandardOutput(new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        throw new IOException(message);
      }
    });
    PrintWriter text = out.text();
    text.print("a report");
    text.flush();
    return out;
  }

  @Test
  void a_report_that_could_not_be_written_is_no_success() {
    assertThatThrownBy(() -> failing("No space left on device").checked(0)).isInstanceOf(IOException.class)
        .hasMessage("the report could not be written to the standard output: No space left on device");
  }

  @Test
  void who_stops_reading_has_read_what_he_wanted() throws Exception {
    assertThat(failing("Broken pipe").checked(1)).isEqualTo(1);
  }

  @Test
  void reports_for_programs_are_in_utf_8_and_those_for_people_in_what_has_lines() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintWriter data = new StandardOutput(bytes).data();
    data.print("Übung");
    data.flush();
    assertThat(bytes.toByteArray()).isEqualTo("Übung".getBytes(StandardCharsets.UTF_8));
    assertThat(StandardOutput.forPeople(StandardCharsets.US_ASCII)).isEqualTo(StandardCharsets.UTF_8);
    assertThat(StandardOutput.forPeople(StandardCharsets.UTF_16)).isEqualTo(StandardCharsets.UTF_16);
  }
}
