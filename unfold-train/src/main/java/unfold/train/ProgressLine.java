package unfold.train;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Tells how far a long work has come: one line that is rewritten on a terminal, a plain line every
/// ten seconds elsewhere.
public final class ProgressLine {
  private static final long TERMINAL_NANOS = 100_000_000L;
  private static final long PLAIN_NANOS = 10_000_000_000L;

  private final PrintStream out;
  private final boolean terminal;
  private final String what;
  private final String unit;
  private final long first;
  private final long total;
  private final long startNanos;
  private long dueNanos;
  private int width;

  /// @param what in front of the line: `epoch 2/10`
  /// @param unit of what is counted: `img`
  /// @param done how much is done already; it does not count for the speed
  public ProgressLine(
      PrintStream out, boolean terminal, String what, String unit, long done, long total) {
    this.out = out;
    this.terminal = terminal;
    this.what = what;
    this.unit = unit;
    this.first = done;
    this.total = total;
    this.startNanos = System.nanoTime();
    this.dueNanos = startNanos + periodNanos();
  }

  /// Whether standard error is a screen that can rewrite a line.
  public static boolean onTerminal() {
    String term = System.getenv("TERM");
    return term != null && !term.equals("dumb") && errorsGoToTerminal();
  }

  private static boolean errorsGoToTerminal() {
    try {
      // Where the system tells; the console below knows of input and output only.
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.matches("/dev/(pts/.*|tty.*|console)");
    } catch (IOException | UnsupportedOperationException _) {
      return System.console() != null && System.console().isTerminal();
    }
  }

  /// Whether it is time for another line. Cheap: asked at every step.
  public boolean due() {
    return System.nanoTime() - dueNanos >= 0;
  }

  /// Shows how much is done; the loss is left out if it is not a number.
  public void show(long done, double loss) {
    long now = System.nanoTime();
    dueNanos = now + periodNanos();
    String line = line(done, (now - startNanos) / 1e9, loss);
    if (terminal) {
      out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
      width = line.length();
    } else {
      out.println(line);
    }
    out.flush();
  }

  /// @param seconds since the line was made
  String line(long done, double seconds, double loss) {
    double rate = seconds > 0 ? (done - first) / seconds : 0;
    return Text.format(
        "%s  %3d %%  %,.0f %s/s  %s left%s",
        what,
        total == 0 ? 100 : done * 100 / total,
        rate,
        unit,
        rate > 0 ? Text.duration((total - done) / rate) : "?",
        Double.isNaN(loss) ? "" : Text.format("  loss %.4f", loss));
  }

  /// Takes the line away again, so that something else can be printed.
  public void clear() {
    if (width > 0) {
      out.print("\r" + " ".repeat(width) + "\r");
      out.flush();
      width = 0;
    }
  }

  private long periodNanos() {
    return terminal ? TERMINAL_NANOS : PLAIN_NANOS;
  }
}
