package unfold.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.data.digits.MovingDigits;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.error.InputException;
import unfold.inspect.FilmSheet;
import unfold.train.RunFolder;
import unfold.train.video.VideoSubject;
import unfold.train.video.Watcher;

/// `unfold show video`
@Command(
    name = "video",
    mixinStandardHelpOptions = true,
    description = "Films as strips, with what a network took each frame for.",
    footer = {"", "Example:", "  ./unfold show video runs/video --first 10 --out films.png"})
final class ShowVideoCommand implements Runnable {
  @Parameters(index = "0", paramLabel = "RUN", description = "folder of a run of `train video`")
  Path run = Path.of(".");

  @Option(
      names = "--first",
      paramLabel = "NUMBER",
      description = "number of the first test film to show (default: ${DEFAULT-VALUE})")
  int first;

  @Option(names = "--films", description = "films to show (default: ${DEFAULT-VALUE})")
  int films = 4;

  @Mixin ShowCommand.Out out = new ShowCommand.Out();

  @Override
  public void run() {
    RunFolder folder = RunFolder.open(run);
    MovingDigits test = VideoSubject.test(folder.config());
    if (first < 0 || films < 1 || first + films > test.size()) {
      throw new InputException(
          "there are test films 0 … "
              + (test.size() - 1)
              + ", but films "
              + first
              + " … "
              + (first + films - 1)
              + " were asked for");
    }
    Watcher watcher = VideoRuns.watcher(folder, null);
    var strips = new ArrayList<FilmSheet.Strip>();
    int right = 0;
    for (int i = first; i < first + films; i++) {
      FilmSheet.Strip strip = strip(test.film(i), watcher);
      strips.add(strip);
      right +=
          (int)
              IntStream.range(0, test.frames())
                  .filter(t -> strip.labels().get(t).equals(strip.answers().get(t)))
                  .count();
    }
    String words =
        String.format(
            Locale.ROOT,
            "films %d … %d, %d of %d frames right; in black frames the light is off",
            first,
            first + films - 1,
            right,
            films * test.frames());
    out.write(FilmSheet.of(run + "  ·  " + test.name(), words, strips), run.toString(), "video");
  }

  private static FilmSheet.Strip strip(MovingDigits.Film film, Watcher watcher) {
    var shape = new PictureShape(MovingDigits.SIDE, MovingDigits.SIDE, 1);
    var names = MovingDigits.classes();
    return new FilmSheet.Strip(
        IntStream.range(0, film.frames()).mapToObj(t -> new Picture(shape, film.frame(t))).toList(),
        IntStream.range(0, film.frames()).mapToObj(t -> names.get(film.label(t))).toList(),
        watcher.labels(film).stream().map(names::get).toList());
  }
}
