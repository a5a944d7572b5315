package unfold.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.data.Dataset;
import unfold.data.MemoryDataset;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.error.FormatException;
import unfold.error.InputException;
import unfold.layer.AveragePool2d;
import unfold.layer.BatchNorm;
import unfold.layer.Conv2d;
import unfold.layer.Flatten;
import unfold.layer.Linear;
import unfold.layer.Sequential;
import unfold.model.Model;
import unfold.model.Options;

final class PredictorTest {
  @TempDir private Path temp;

  @Test
  void measuresWhatTheRunMeasured() {
    RunFolder run = trained(8);
    Dataset test = Tiny.data().test().orElseThrow();

    Evaluation found = open(run).evaluate(test, 8, 0);

    EpochRecord best = run.history().best().orElseThrow();
    assertThat(found.score()).isEqualTo(best.validation().orElseThrow());
    assertThat(found.confusion().items()).isEqualTo(20);
    assertThat(found.confusion().accuracy()).isEqualTo(found.score().accuracy());
    long wrong = Math.round((1 - found.score().accuracy()) * 20);
    assertThat(found.worst())
        .hasSize((int) wrong)
        .isSortedAccordingTo(Comparator.comparingDouble(Evaluation.Mistake::loss).reversed())
        .allSatisfy(m -> {
          assertThat(m.label()).isEqualTo(test.label(m.item())).isNotEqualTo(m.answer());
          assertThat(m.confidence()).isBetween(0.1, 1.0);
          assertThat(m.source()).isEqualTo(test.source(m.item()));
        });
    assertThat(found.confusionText().lines()).hasSize(11);
  }

  @Test
  void aBatchSizeDoesNotChangeTheScore() {
    RunFolder run = trained(2);
    Dataset test = Tiny.data().test().orElseThrow();
    Predictor network = open(run);
    assertThat(network.evaluate(test, 7, 1).score())
        .isEqualTo(network.evaluate(test, 100, 0).score());
  }

  @Test
  void predictsThePicturesOfFiles() throws IOException {
    Predictor network = open(trained(8));
    Dataset train = Tiny.data().train();
    Path file = temp.resolve("digit.png");
    ImageIO.write(grey(train.picture(3)), "png", file.toFile());

    Prediction found = network.predict(file, 3);

    assertThat(found.picture()).isEqualTo(file.toString());
    assertThat(found.answers()).hasSize(3);
    assertThat(found.answers())
        .isSortedAccordingTo(Comparator.comparingDouble(Prediction.Answer::probability).reversed());
    assertThat(found)
        .as("a file or the picture itself")
        .isEqualTo(network.predict(train.picture(3), file.toString(), 3));
    double all =
        network.predict(train.picture(3), "", 10).answers().stream()
            .mapToDouble(Prediction.Answer::probability)
            .sum();
    assertThat(all).isCloseTo(1, within(1e-6));
  }

  @Test
  void aPictureOfAnotherSizeAndColourIsMadeToFit() {
    Predictor network = open(trained(1));
    Picture large = new Picture(new PictureShape(90, 120, 3), new byte[90 * 120 * 3]);
    assertThat(network.predict(large, "large", 1).answers()).hasSize(1);
  }

  @Test
  void whatIsNoPictureIsRefused() throws IOException {
    Predictor network = open(trained(1));
    Path file = Files.writeString(temp.resolve("text.png"), "no picture");
    assertThatThrownBy(() -> network.predict(file, 1))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(file.toString());
  }

  @Test
  void aRunStoppedBeforeItsFirstEpochAnswersWithItsLastWeights() {
    Path path = temp.resolve("stopped");
    var stop = new Stop();
    Tiny.start(path, Tiny.config(1, "adam(0.01)")).reporter(new Heard(_ -> stop.wish())).run(stop);
    assertThat(path.resolve("best.safetensors")).doesNotExist();
    Predictor network = open(RunFolder.open(path));
    assertThat(network.classes()).hasSize(10);
    assertThat(network.evaluate(Tiny.data().test().orElseThrow(), 8, 0).score().items())
        .isEqualTo(20);
  }

  @Test
  void aRunWithoutWeightsSaysSo() {
    RunFolder run = RunFolder.create(temp.resolve("new"));
    run.write(Tiny.config(1, "sgd(0.1)"));
    assertThatThrownBy(() -> open(run))
        .isInstanceOf(InputException.class)
        .hasMessage(
            run.path() + ": has no weights yet; continue the run with --resume " + run.path());
  }

  @Test
  void otherClassesThanThoseLearnedAreRefused() {
    Predictor network = open(trained(1));
    var shape = new PictureShape(28, 28, 1);
    var names = List.of("0", "1", "2", "drei", "4", "5", "6", "7", "8", "9");
    var pixels = Arena.ofAuto().allocate(shape.bytes());
    Dataset other = new MemoryDataset("others", shape, pixels, new int[] {3}, names, () -> "");
    assertThatThrownBy(() -> network.evaluate(other, 8, 0))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "others: 'drei' is the name of no class that the network tells apart, such as '0'");
  }

  @Test
  void theSameClassesInAnotherOrderAreMeasuredAlike() {
    Predictor network = open(trained(1));
    Dataset test = Tiny.data().test().orElseThrow();
    int[] back = new int[10];
    for (int k = 0; k < 10; k++) {
      back[k] = 9 - k;
    }
    List<String> turned = test.classes().reversed();
    Dataset other = new Relabelled(test, turned, java.util.Arrays.stream(back).boxed().toList());
    assertThat(network.evaluate(other, 8, 0).score())
        .isEqualTo(network.evaluate(test, 8, 0).score());
  }

  @Test
  void weightsOfAnotherModelAreRefused() {
    RunFolder run = trained(1);
    assertThatThrownBy(() -> Predictor.open(run, model(8, true), Tiny.settings()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "holds weights of another network than other: 1 of 8 fit, 7 of another shape"
                + " (conv.weight (f32[4x1x3x3] in the"
                + " file, f32[8x1x3x3] in the network)");
    assertThatThrownBy(() -> Predictor.open(run, model(4, false), Tiny.settings()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("does not fit other: 4 of 4 fit, 4 unexpected (bn.weight, bn.bias");
  }

  private static Model model(int channels, boolean normalised) {
    Sequential net =
        new Sequential()
            .then("pool", new AveragePool2d(4))
            .then("conv", new Conv2d(1, channels, 3).padding(1));
    return Model.of(
        "other",
        (normalised ? net.then("bn", new BatchNorm(channels)) : net)
            .then("flatten", new Flatten())
            .then("fc", new Linear(channels * 7 * 7, 10)),
        new Options(10, 1, 28));
  }

  private RunFolder trained(int epochs) {
    Path path = temp.resolve("run");
    Tiny.start(path, Tiny.config(epochs, "adam(0.02)")).run(new Stop());
    return RunFolder.open(path);
  }

  private static Predictor open(RunFolder run) {
    return Predictor.open(run, Tiny.model(), Tiny.settings());
  }

  private static BufferedImage grey(Picture p) {
    var image = new BufferedImage(p.width(), p.height(), BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setDataElements(0, 0, p.width(), p.height(), p.pixels());
    return image;
  }
}
