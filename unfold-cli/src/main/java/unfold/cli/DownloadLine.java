package unfold.cli;

import java.io.PrintStream;
import unfold.data.fetch.Progress;
import unfold.train.ProgressLine;

/// Shows downloads as they go on.
final class DownloadLine implements Progress {
  private final PrintStream out;
  private String file = "";
  private ProgressLine line;

  DownloadLine(PrintStream out) {
    this.out = out;
    this.line = new ProgressLine(out, ProgressLine.onTerminal(), "", "B", 0, 1);
  }

  @Override
  public void at(String name, long done, long total) {
    if (!name.equals(file)) {
      line.clear();
      file = name;
      line = new ProgressLine(out, ProgressLine.onTerminal(), name, "B", done, total);
    }
    if (done == total) {
      line.clear();
      out.println(name + " is there");
    } else if (line.due()) {
      line.show(done, Double.NaN);
    }
  }
}
