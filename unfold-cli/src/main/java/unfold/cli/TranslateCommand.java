package unfold.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.config.Precision;
import unfold.data.text.LineFile;
import unfold.error.InputException;
import unfold.train.WholeFile;
import unfold.train.translate.Looks;
import unfold.train.translate.Search;
import unfold.train.translate.Translator;
import unfold.train.translate.Translator.Translation;

/// `unfold translate`
@Command(
    name = "translate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Translates sentences, a line each, from standard input to standard output.",
    footer = {
      "",
      "Examples:",
      "  ./unfold translate runs/translate < sentences.de > sentences.en",
      "  echo \"Ein Hund rennt.\" | ./unfold translate runs/translate --attention looks.png",
    })
final class TranslateCommand implements Runnable {
  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "folder of a run of `unfold train translate`")
  Path run = Path.of("");

  @Option(
      names = "--beam",
      paramLabel = "K",
      description = "beginnings to keep; 1 takes the likeliest word each time (default: 5)")
  int beam = 5;

  @Option(
      names = "--length-penalty",
      paramLabel = "A",
      description = "0 favours short sentences, more favours long ones (default: 1)")
  double lengthPenalty = 1;

  @Option(
      names = "--attention",
      paramLabel = "PNG",
      description = "of the first line: where the network looked at each word that it wrote")
  @Nullable Path attention;

  @Option(names = "--precision", description = "f32, bf16 or auto (default: the run's)")
  @Nullable Precision precision;

  @Override
  public void run() {
    var how = new Search(beam, lengthPenalty);
    Translator translator = TranslationRuns.translator(run, precision);
    List<Translation> all = translator.translate(read(), how);
    all.forEach(t -> System.out.println(t.text()));
    if (attention != null) {
      draw(attention, translator, all);
    }
  }

  private static List<String> read() {
    try {
      return LineFile.lines(System.in.readAllBytes(), "standard input");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void draw(Path file, Translator translator, List<Translation> all) {
    if (all.isEmpty()) {
      throw new InputException("--attention draws the first line, but there is none");
    }
    Looks looks =
        translator
            .looks(all.getFirst())
            .orElseThrow(() ->
                new InputException(
                    run
                        + ": has no attention to draw, or the first line no words; train with"
                        + " --attention dot"));
    WholeFile.write(file, looks.sheet(all.getFirst().text()).png());
  }
}
