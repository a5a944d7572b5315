package unfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/// What a command said, and the status it ended with.
record Said(int status, String out, String err) {
  static Said by(String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    PrintStream before = System.out;
    PrintStream beforeErr = System.err;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      int status =
          Unfold.commandLine(arguments)
              .setOut(new PrintWriter(System.out, true))
              .setErr(new PrintWriter(System.err, true))
              .execute(arguments);
      return new Said(
          status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(before);
      System.setErr(beforeErr);
    }
  }

  /// With this on its standard input.
  static Said given(String in, String... arguments) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)));
    try {
      return by(arguments).works();
    } finally {
      System.setIn(before);
    }
  }

  Said works() {
    assertThat(status).as(err).isZero();
    return this;
  }

  /// One line that says what is wrong, status 1, and nothing else.
  Said fails(String... parts) {
    assertThat(status).as(err).isEqualTo(1);
    assertThat(out).isEmpty();
    assertThat(err.lines().toList()).as(err).hasSize(1);
    assertThat(err).startsWith("unfold: ").contains(parts).doesNotContain("This is a mistake");
    return this;
  }
}
