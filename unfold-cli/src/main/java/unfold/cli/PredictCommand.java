package unfold.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.error.FormatException;
import unfold.error.InputException;
import unfold.train.Ensemble;
import unfold.train.Prediction;
import unfold.train.Predictor;
import unfold.train.RunConfig;

/// `unfold predict`
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    description = {
      "Says what a trained network takes pictures for, or sentences: those given, or else the lines"
          + " of standard input. A run of `train captions` writes a sentence about each picture.",
    },
    footer = {
      "",
      "A picture that cannot be read costs a line, not the others; the exit code is then 1.",
      "",
      "Examples:",
      "  ./unfold predict runs/lenet5 seven.png --top 3",
      "  ./unfold predict runs/sentiment \"a gem of a film\"",
      "  ./unfold predict runs/sentiment < sentences",
      "  ./unfold predict runs/captions seven.png",
      "  ./unfold predict resnet18 --weights resnet18-f37072fd.pth --classes synset.txt cat.jpg",
    })
final class PredictCommand implements Callable<Integer> {
  @Mixin RunOptions run = new RunOptions();

  @Parameters(
      index = "1..*",
      paramLabel = "PICTURE|SENTENCE",
      description = "JPEG or PNG files; of a run of `train sentiment` sentences")
  List<String> given = List.of();

  @Option(
      names = "--with",
      paramLabel = "RUN",
      description = "another run whose probabilities are averaged in; may be repeated")
  List<Path> others = List.of();

  @Option(names = "--ten-crop", description = "averages over ten views of each picture")
  boolean tenCrop;

  @Option(names = "--top", description = "answers for each picture (default: ${DEFAULT-VALUE})")
  int top = 5;

  @Option(names = "--json", description = "one JSON object instead of text")
  boolean json;

  @Override
  public Integer call() {
    RunConfig.@Nullable Data learned = RunOptions.learned(run.name).orElse(null);
    if (learned instanceof RunConfig.Captions) {
      requireOne();
      return CaptionRuns.predict(run, given, json);
    }
    if (learned instanceof RunConfig.Sentences) {
      requireOne();
      SentenceRuns.predict(run, given, json);
      return 0;
    }
    if (given.isEmpty()) {
      throw new InputException("name a JPEG or PNG file to look at");
    }
    if (top < 1) {
      throw new InputException("--top must be at least 1, not " + top);
    }
    var members = new ArrayList<Predictor>();
    members.add(run.predictor());
    others.forEach(path -> members.add(RunOptions.predictor(path)));
    var ensemble = new Ensemble(members, tenCrop);
    var rows = new ArrayList<Object>();
    int failed = 0;
    for (String picture : given) {
      Prediction p;
      try {
        p = ensemble.predict(Path.of(picture), top);
      } catch (FormatException | InputException e) {
        System.err.println("unfold: " + e.getMessage());
        failed++;
        continue;
      }
      if (json) {
        rows.add(row(p));
        continue;
      }
      System.out.println(p.picture());
      for (Prediction.Answer a : p.answers()) {
        System.out.printf(Locale.ROOT, "  %6.2f %%  %s%n", 100 * a.probability(), a.name());
      }
    }
    if (json) {
      new Json().with("pictures", rows).print();
    }
    return failed == 0 ? 0 : 1;
  }

  private void requireOne() {
    if (run.weights != null || tenCrop || !others.isEmpty()) {
      throw new InputException(
          run.name + ": --weights, --with and --ten-crop are for networks that tell classes apart");
    }
  }

  private static Object row(Prediction p) {
    var answers = new ArrayList<Object>();
    for (Prediction.Answer a : p.answers()) {
      answers.add(
          new Json()
              .with("index", a.index())
              .with("class", a.name())
              .with("probability", a.probability())
              .fields());
    }
    return new Json().with("file", p.picture()).with("top", answers).fields();
  }
}
