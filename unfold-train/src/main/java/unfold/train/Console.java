package unfold.train;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/// Tells of a training on a terminal or in a log: a progress line within an epoch, one line for
/// each epoch.
public final class Console implements Reporter {
  private final PrintStream out;
  private final boolean terminal;
  private @Nullable ProgressLine progress;

  /// @param terminal whether `out` is a screen, on which a line can be rewritten
  public Console(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /// To standard error.
  public static Console standard() {
    return new Console(System.err, ProgressLine.onTerminal());
  }

  @Override
  public void note(String line) {
    clear();
    out.println(line);
  }

  @Override
  public void begin(Counted counted, int epoch, int epochs, long done, long total) {
    progress =
        new ProgressLine(
            out, terminal, "epoch " + epoch + "/" + epochs, counted.unit(), done, total);
  }

  @Override
  public void step(long done, double loss) {
    if (progress != null && progress.due()) {
      progress.show(done, loss);
    }
  }

  @Override
  public void epoch(EpochRecord record, boolean best) {
    clear();
    out.println(line(record, best));
  }

  static String line(EpochRecord r, boolean best) {
    return Text.format(
        "epoch %d  loss %.4f%s%s%s  %,.0f %s/s  %s  rate %s%s",
        r.epoch(),
        r.train().loss(),
        r.train().counted().byAccuracy() ? "  accuracy " + Text.percent(r.train().accuracy()) : "",
        r.validation().map(Console::held).orElse(""),
        r.clipped().map(part -> "  clipped " + Text.percent(part)).orElse(""),
        r.itemsPerSecond(),
        r.train().counted().unit(),
        Text.duration(r.seconds()),
        Text.number(r.rate(), 3),
        best ? "  best" : "");
  }

  /// The five highest of five classes always hold the right one: that is no news.
  private static String held(Score v) {
    return v.counted().byAccuracy()
        ? Text.format(
            "  validation loss %.4f  accuracy %s%s",
            v.loss(),
            Text.percent(v.accuracy()),
            v.top5() < 1 ? "  top-5 " + Text.percent(v.top5()) : "")
        : Text.format(
            "  validation loss %.4f (%.3f bits, perplexity %.2f)",
            v.loss(), v.bits(), v.perplexity());
  }

  @Override
  public void sample(long step, String made) {
    clear();
    out.println("---- after " + step + " steps ----");
    out.println(made);
    out.println("----");
  }

  private void clear() {
    if (progress != null) {
      progress.clear();
    }
  }
}
