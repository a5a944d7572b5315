package unfold.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import unfold.layer.Activate;
import unfold.layer.AdaptiveAveragePool2d;
import unfold.layer.AveragePool2d;
import unfold.layer.Conv1d;
import unfold.layer.Conv2d;
import unfold.layer.ConvTranspose2d;
import unfold.layer.Flatten;
import unfold.layer.Layer;
import unfold.layer.Linear;
import unfold.layer.MaxPool2d;
import unfold.layer.Sequential;
import unfold.layer.Softmax;
import unfold.model.ModelSummary.Row;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;
import unfold.trace.Mode;
import unfold.trace.Tracer;

/// The lecture's own examples.
final class ModelSummaryTest {
  private static ModelSummary summary(Layer layer, int... x) {
    return ModelSummary.of("net", Tracer.trace("net", layer, TensorType.f32(x), Mode.EVAL));
  }

  private static Row only(Layer layer, int... x) {
    var rows = summary(layer, x).rows();
    assertThat(rows).hasSize(1);
    return rows.getFirst();
  }

  @Test
  void tenFiltersOfFiveByFiveOn32x32x3() {
    Row row = only(new Conv2d(3, 10, 5).padding(2), 1, 3, 32, 32);
    assertThat(row.what()).isEqualTo("conv 5×5 s1 p2");
    assertThat(row.output()).isEqualTo(Shape.of(10, 32, 32));
    assertThat(row.width()).isEqualTo("(32 − 5 + 2·2)/1 + 1 = 32");
    assertThat(row.weights()).isEqualTo(760);
    assertThat(row.formula()).isEqualTo("5·5·3·10 + 10 = 760");
    // For each of 10·32·32 numbers 75 multiply-adds, of two operations each, and a bias.
    assertThat(row.operations()).isEqualTo(10 * 32 * 32 * (2 * 75 + 1));
    assertThat(row.bytes()).isEqualTo(4 * 10 * 32 * 32);
  }

  @Test
  void threeSmallFiltersSeeLikeOneLargeWithFewerWeights() {
    int c = 8;
    Conv2d small = new Conv2d(c, c, 3).padding(1).bias(false);
    ModelSummary three = summary(Sequential.of(small, small, small), 1, c, 16, 16);
    ModelSummary one = summary(new Conv2d(c, c, 7).padding(3).bias(false), 1, c, 16, 16);
    assertThat(three.rows()).extracting(r -> r.field().height()).containsExactly(3, 5, 7);
    assertThat(one.rows().getFirst().field()).isEqualTo(three.rows().getLast().field());
    assertThat(three.parameters()).isEqualTo(3L * 3 * 3 * c * c);
    assertThat(one.parameters()).isEqualTo(7L * 7 * c * c);
  }

  @Test
  void poolingHasNoPaddingInItsFormula() {
    assertThat(only(new MaxPool2d(2), 1, 6, 28, 28).width()).isEqualTo("(28 − 2)/2 + 1 = 14");
    assertThat(only(new MaxPool2d(3).stride(2), 1, 6, 55, 55).width())
        .isEqualTo("(55 − 3)/2 + 1 = 27");
    assertThat(only(new MaxPool2d(3).stride(2), 1, 6, 28, 28).width())
        .isEqualTo("⌊(28 − 3)/2⌋ + 1 = 13");
    assertThat(only(new MaxPool2d(3).stride(2).ceil(true), 1, 6, 28, 28).width())
        .isEqualTo("(28 − 3 + 0 + 1)/2 + 1 = 14");
  }

  @Test
  void heightAndWidthHaveFormulasOfTheirOwn() {
    Row row = only(new Conv2d(1, 2, 3, 5).stride(1, 2).padding(0, 1), 1, 1, 9, 11);
    assertThat(row.height()).isEqualTo("(9 − 3 + 2·0)/1 + 1 = 7");
    assertThat(row.width()).isEqualTo("(11 − 5 + 2·1)/2 + 1 = 5");
    assertThat(row.field().toString()).isEqualTo("3×5");
    Row up = only(new ConvTranspose2d(2, 3, 4).stride(2).padding(1), 1, 2, 7, 7);
    assertThat(up.width()).isEqualTo("(7 − 1)·2 + 4 − 2·1 = 14");
  }

  @Test
  void strideMakesLaterWindowsWider() {
    var net =
        Sequential.of(
            new Conv2d(1, 1, 3).stride(2), new Conv2d(1, 1, 3).dilation(2), new AveragePool2d(2));
    assertThat(summary(net, 1, 1, 32, 32).rows())
        .extracting(r -> r.field().toString())
        .containsExactly("3", "11", "13");
  }

  @Test
  void aFullyConnectedLayerSeesEverything() {
    var net = Sequential.of(new Flatten(), new Linear(3072, 10), new Softmax());
    List<Row> rows = summary(net, 1, 3, 32, 32).rows();
    assertThat(rows.get(0).output()).isEqualTo(Shape.of(3072));
    assertThat(rows.get(1).formula()).isEqualTo("3072·10 + 10 = 30,730");
    assertThat(rows.get(1).operations()).isEqualTo(2 * 30720 + 10);
    assertThat(rows.get(1).field().whole()).isTrue();
    assertThat(rows.get(2).operations()).isEqualTo(50);
  }

  @Test
  void sharedWeightsCountOnce() {
    var shared = new Linear(4, 4);
    Layer twice = (s, x) -> s.shared().apply("fc", shared, s.apply("fc", shared, x));
    assertThat(summary(twice, 1, 4).parameters()).isEqualTo(20);
  }

  @Test
  void oneDimensionalConvolutionsAreOneRow() {
    Row row = only(new Conv1d(4, 8, 5).padding(2), 1, 4, 100);
    assertThat(row.what()).isEqualTo("conv 1×5 s1 p2");
    assertThat(row.output()).isEqualTo(Shape.of(8, 100));
    assertThat(row.formula()).isEqualTo("5·4·8 + 8 = 168");
  }

  @Test
  void printsATable() {
    var net =
        new Sequential()
            .then("c1", new Conv2d(1, 6, 5).padding(2))
            .then("act1", Activate.TANH)
            .then("s2", new AveragePool2d(2))
            .then("pool", new AdaptiveAveragePool2d(1))
            .then("flatten", new Flatten())
            .then("output", new Linear(6, 10));
    assertThat(summary(net, 1, 1, 28, 28).toString())
        .isEqualTo(
            """
            net on 1×28×28
            layer    what               output   width = (W − F + 2P)/S + 1  parameters         field  MFLOP   KiB
            c1       conv 5×5 s1 p2     6×28×28  (28 − 5 + 2·2)/1 + 1 = 28   5·5·1·6 + 6 = 156      5  0.240  18.4
            act1     tanh               6×28×28                                                     5  0.005  18.4
            s2       avg pool 2×2 s2    6×14×14  (28 − 2)/2 + 1 = 14                                6  0.005  4.59
            pool     adaptive avg pool  6×1×1                                                     all  0.001  0.02
            flatten  reshape            6                                                         all  0.000  0.02
            output   linear             10                                   6·10 + 10 = 70       all  0.000  0.04
            226 parameters (0.88 KiB), 0.251 MFLOP a picture (a multiply-add is 2), outputs 41.4 KiB
            """);
  }

  @Test
  void aWideTableShortensWordsButNoPath() {
    Layer deep = new Conv2d(512, 512, 3).padding(1).groups(32);
    for (int i = 0; i < 8; i++) {
      deep = new Sequential().then("features" + i, deep);
    }
    String table = summary(deep, 1, 512, 100, 100).toString();
    assertThat(table)
        .contains(
            "features7.features6.features5.features4.features3.features2.features1.features0  ")
        .contains("  conv 3×3 s1…  512×100×100");
  }
}
