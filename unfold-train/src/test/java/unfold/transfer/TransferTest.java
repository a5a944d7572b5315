package unfold.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.config.Knobs;
import unfold.config.Precision;
import unfold.data.Dataset;
import unfold.data.Datasets;
import unfold.engine.Settings;
import unfold.error.FormatException;
import unfold.error.InputException;
import unfold.inspect.Features.Form;
import unfold.interop.safetensors.SafetensorsReader;
import unfold.layer.Activate;
import unfold.layer.AveragePool2d;
import unfold.layer.Conv2d;
import unfold.layer.Flatten;
import unfold.layer.Linear;
import unfold.layer.Sequential;
import unfold.model.Model;
import unfold.model.Options;
import unfold.random.Stream;
import unfold.run.States;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;
import unfold.train.ClassNames;
import unfold.train.Trained;

final class TransferTest {
  @TempDir private Path folder;

  /// At the best place the slope is zero, worked out here once more from the probabilities.
  @Test
  void logisticRegressionEndsWhereTheSlopeIsZero() {
    int rows = 60;
    int d = 5;
    var random = Stream.of(4, "logistic", 0);
    double[] x = IntStream.range(0, rows * d).mapToDouble(_ -> random.nextGaussian()).toArray();
    int[] y =
        IntStream.range(0, rows)
            .map(r -> x[r * d] + 0.5 * x[r * d + 1] > 0.3 ? 2 : r % 2)
            .toArray();
    double lambda = 0.01;
    double[] w = new LogisticRegression(x, y, 3).fit(1).fit(lambda).weights();
    double[] slope = new double[w.length];
    for (int r = 0; r < rows; r++) {
      double[] p = new double[3];
      double sum = 0;
      for (int c = 0; c < 3; c++) {
        double s = w[c * (d + 1) + d];
        for (int j = 0; j < d; j++) {
          s += w[c * (d + 1) + j] * x[r * d + j];
        }
        p[c] = Math.exp(s);
        sum += p[c];
      }
      for (int c = 0; c < 3; c++) {
        double error = p[c] / sum - (y[r] == c ? 1 : 0);
        for (int j = 0; j < d; j++) {
          slope[c * (d + 1) + j] += error * x[r * d + j] / rows;
        }
        slope[c * (d + 1) + d] += error / rows;
      }
    }
    for (int c = 0; c < 3; c++) {
      for (int j = 0; j <= d; j++) {
        int i = c * (d + 1) + j;
        assertThat(slope[i] + (j < d ? lambda * w[i] : 0)).isCloseTo(0, within(1e-5));
      }
    }
  }

  @Test
  void aProbeFindsWhatIsThereAndNothingInNoise() {
    Tensor train = noise(80, 20, 1);
    Tensor test = noise(400, 20, 2);
    List<Integer> labels = IntStream.range(0, 80).map(i -> i % 2).boxed().toList();
    List<Integer> others = IntStream.range(0, 400).map(i -> i % 2).boxed().toList();
    LinearProbe nothing = LinearProbe.fit(train, labels, test, others, 2, 1);
    assertThat(nothing.accuracy()).isBetween(0.4, 0.6);
    assertThat(nothing.loss()).as("strongly regularised").isLessThan(0.8);
    for (int i = 0; i < 400; i++) {
      test.set(i * 20L + 3, test.get(i * 20L + 3) + 6 * (i % 2));
      if (i < 80) {
        train.set(i * 20L + 3, train.get(i * 20L + 3) + 6 * (i % 2));
      }
    }
    LinearProbe clear = LinearProbe.fit(train, labels, test, others, 2, 1);
    assertThat(clear.accuracy()).isGreaterThan(0.97);
    assertThat(Transfer.beyondChance(clear, nothing)).isTrue();
    assertThat(Transfer.beyondChance(nothing, clear)).isFalse();
    assertThat(LinearProbe.fit(train, labels, test, others, 2, 1)).isEqualTo(clear);
  }

  @Test
  void oneClassIsNotEnough() {
    Tensor x = noise(4, 3, 1);
    List<Integer> same = List.of(1, 1, 1, 1);
    assertThatThrownBy(() -> LinearProbe.fit(x, same, x, same, 2, 1))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "a linear probe needs pictures of two classes or more to learn from, but there are 4"
                + " of one class");
  }

  @Test
  void allDepthsAreMeasuredInOnePassAndThePicturesKeepTheirOrder() {
    Trained net = small();
    Dataset digits = Datasets.digits().train();
    Transfer t =
        Transfer.measure(
            net,
            digits.subset(0, 60),
            digits.subset(100, 140),
            new Transfer.Asked(9, 1000, 16, 1, 1));
    assertThat(t.depths().stream().map(a -> a.depth().name())).containsExactly("conv", "fc");
    assertThat(t.probed()).isEqualTo(60);
    assertThat(t.measured()).isEqualTo(40);
    assertThat(t.best().probe().accuracy()).as("ten digits").isGreaterThan(0.25);
    assertThat(t.verdict().much()).isFalse();
    assertThat(t.verdict().reasons()).hasSize(3);
    assertThat(t.verdict().reasons().get(1)).startsWith("60 pictures are 6 a class");
    assertThat(t.training()).isIn("--freeze backbone --batch 12", "--freeze 1 --batch 12");
    assertThat(t.text()).contains("conv").contains(t.verdict().cell());
    assertThat(t.sheet().width()).isGreaterThan(500);

    var all =
        SetFeatures.of(net, net.engine(), digits.subset(0, 20), List.of("fc"), Form.POOLED, 16, 1);
    var one =
        SetFeatures.of(net, net.engine(), digits.subset(18, 19), List.of("fc"), Form.POOLED, 1, 1);
    assertThat(all.labels().get(18)).isEqualTo(one.labels().getFirst());
    for (int c = 0; c < 7; c++) {
      assertThat(all.value("fc").get(18 * 7 + c)).isCloseTo(one.value("fc").get(c), within(1e-5));
    }
  }

  @Test
  void featuresOfFilesAreWrittenAsTensorsAndAsATable() throws Exception {
    var picture = Path.of("no.png");
    Tensor pooled = Tensor.of(Shape.of(1, 2), 0.5f, -1);
    var values = new LinkedHashMap<String, Tensor>();
    values.put("fc", pooled);
    var found =
        new PictureFeatures("small", List.of("a,b.png"), Optional.empty(), Form.POOLED, values);
    assertThat(found.csv()).isEqualTo("picture,fc[0],fc[1]\n\"a,b.png\",0.5,-1.0\n");
    Path file = folder.resolve("f.safetensors");
    found.write(file);
    var read = SafetensorsReader.read(file);
    assertThat(Objects.requireNonNull(read.tensors().get("fc")).toFloats())
        .containsExactly(0.5f, -1);
    assertThat(read.metadata())
        .containsEntry("pictures", "a,b.png")
        .containsEntry("form", "pooled");
    found.write(folder.resolve("f.csv"));
    assertThat(folder.resolve("f.csv")).content().isEqualTo(found.csv());
    assertThatThrownBy(() -> found.write(Path.of("f.txt")))
        .isInstanceOf(InputException.class)
        .hasMessage("f.txt: features go to a file .safetensors or .csv");
    assertThatThrownBy(
            () -> PictureFeatures.of(small(), List.of(picture), List.of("fc"), Form.POOLED))
        .isInstanceOf(InputException.class)
        .hasMessage("no.png: there is no such file");
    Path text = Files.writeString(folder.resolve("text.png"), "no picture at all");
    assertThatThrownBy(() -> PictureFeatures.of(small(), List.of(text), List.of("fc"), Form.POOLED))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("not a JPEG or PNG picture");
  }

  @Test
  void featuresOfASetCarryItsClasses() {
    Dataset digits = Datasets.digits().train().subset(0, 5);
    var found = PictureFeatures.of(small(), digits, List.of("fc"), Form.POOLED, 2);
    String[] rows = found.csv().split("\n");
    assertThat(rows).hasSize(6);
    assertThat(rows[0]).startsWith("picture,class,fc[0],");
    for (int i = 0; i < 5; i++) {
      String of = digits.classes().get(digits.label(i));
      assertThat(rows[i + 1]).startsWith(digits.source(i) + "," + of + ",");
    }
    Path file = folder.resolve("set.safetensors");
    found.write(file);
    var read = SafetensorsReader.read(file);
    assertThat(Objects.requireNonNull(read.tensors().get("labels")).toDoubles())
        .containsExactly(IntStream.range(0, 5).mapToDouble(digits::label).toArray());
    assertThat(read.metadata()).containsEntry("classes", String.join("\n", digits.classes()));
  }

  private static Trained small() {
    Model model =
        Model.of(
            "small",
            new Sequential()
                .then("pool", new AveragePool2d(4))
                .then("conv", new Conv2d(1, 8, 3).padding(1))
                .then("act", Activate.RELU)
                .then("flatten", new Flatten())
                .then("fc", new Linear(8 * 49, 7)),
            new Options(7, 1, 28));
    var states = new States();
    model.inference(1).states().forEach(d -> states.set(d.name(), d.initial(1)));
    Settings settings =
        Settings.defaults()
            .backends("reference")
            .precision(Precision.F32)
            .threads(1)
            .tuning(Knobs.Tuning.OFF);
    return new Trained(model, states, ClassNames.numbers(7), settings);
  }

  private static Tensor noise(int rows, int d, long seed) {
    Tensor t = Tensor.zeros(TensorType.f32(rows, d));
    var random = Stream.of(seed, "noise", 0);
    for (long i = 0; i < t.size(); i++) {
      t.set(i, random.nextGaussian());
    }
    return t;
  }
}
