package unfold.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.data.Dataset;
import unfold.data.TenCrop;
import unfold.error.InputException;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.train.RunConfig.Recipe;

final class EnsembleTest {
  private static final Dataset TEST = Tiny.data().test().orElseThrow();

  @TempDir private static Path temp;
  private static final List<Predictor> NETWORKS = new ArrayList<>();

  @BeforeAll
  static void trainThree() {
    for (long seed = 1; seed <= 3; seed++) {
      Recipe recipe = Tiny.config(3, "adam(0.01)").recipe().seed(seed);
      Path path = temp.resolve("run" + seed);
      Tiny.start(path, Tiny.config(3, "adam(0.01)").recipe(recipe)).run(new Stop());
      NETWORKS.add(Predictor.open(RunFolder.open(path), Tiny.model(), Tiny.settings()));
    }
  }

  /// Probabilities of the classes of one picture.
  private static double[] probabilities(float[] logits) {
    double sum = 0;
    for (float x : logits) {
      sum += Math.exp(x);
    }
    var p = new double[logits.length];
    for (int c = 0; c < p.length; c++) {
      p[c] = Math.exp(logits[c]) / sum;
    }
    return p;
  }

  private static void addTo(double[] sum, double[] more, double weight) {
    for (int c = 0; c < sum.length; c++) {
      sum[c] += weight * more[c];
    }
  }

  private static int best(double[] p) {
    int best = 0;
    for (int c = 1; c < p.length; c++) {
      best = p[c] > p[best] ? c : best;
    }
    return best;
  }

  @Test
  void averagesTheProbabilitiesOfItsNetworks() {
    double loss = 0;
    int right = 0;
    for (int i = 0; i < TEST.size(); i++) {
      var mean = new double[10];
      for (Predictor network : NETWORKS) {
        addTo(mean, probabilities(network.logits(TEST.picture(i))), 1.0 / 3);
      }
      loss -= Math.log(mean[TEST.label(i)]) / TEST.size();
      right += best(mean) == TEST.label(i) ? 1 : 0;
    }

    Evaluation found = new Ensemble(NETWORKS, false).evaluate(TEST, 7, 1);

    assertThat(found.score().items()).isEqualTo(20);
    assertThat(found.score().loss()).isCloseTo(loss, within(1e-5));
    assertThat(found.score().accuracy()).isEqualTo(right / 20.0);
    assertThat(found.confusion().items()).isEqualTo(20);
    assertThat(found.worst()).hasSize(20 - right);
    assertThat(found.worst())
        .allSatisfy(m -> assertThat(m.label()).isEqualTo(TEST.label(m.item())));
    assertThat(new Ensemble(NETWORKS, false).evaluate(TEST, 20, 0).score().loss())
        .isCloseTo(loss, within(1e-5));
  }

  @Test
  void averagesTenViewsOfEachPicture() {
    Predictor network = NETWORKS.getFirst();
    double loss = 0;
    for (int i = 0; i < TEST.size(); i++) {
      var mean = new double[10];
      // 28 pixels are cut from 32, as 224 are from 256.
      for (var view : TenCrop.views(TEST.picture(i), 32, 28, 28)) {
        addTo(mean, probabilities(network.logits(view)), 0.1);
      }
      loss -= Math.log(mean[TEST.label(i)]) / TEST.size();
    }
    Evaluation found = Ensemble.of(network).tenCrop(true).evaluate(TEST, 30, 1);
    assertThat(found.score().items()).isEqualTo(20);
    assertThat(found.score().loss()).isCloseTo(loss, within(1e-5));
  }

  @Test
  void predictsAsItMeasures() {
    var both = new Ensemble(NETWORKS, true);
    var mean = new double[10];
    for (Predictor network : NETWORKS) {
      for (var view : TenCrop.views(TEST.picture(2), 32, 28, 28)) {
        addTo(mean, probabilities(network.logits(view)), 1.0 / 30);
      }
    }
    Prediction found = both.predict(TEST.picture(2), "two", 10);
    assertThat(found.answers()).hasSize(10);
    assertThat(found.answers())
        .allSatisfy(a -> assertThat(a.probability()).isCloseTo(mean[a.index()], within(1e-5)));
  }

  @Test
  void oneNetworkAndOneViewIsThatNetwork() {
    Predictor network = NETWORKS.getFirst();
    assertThat(Ensemble.of(network).evaluate(TEST, 8, 0).score())
        .isEqualTo(network.evaluate(TEST, 8, 0).score());
  }

  @Test
  void aProbabilityTooSmallForFloatsStillCounts() {
    Tensor sure = Tensor.zeros(DType.F32, 1, 2);
    sure.set(0, 500);
    Tensor logs = Votes.nothing(1, 2);
    Votes.add(sure, 1, logs);
    Votes.add(sure, 1, logs);
    assertThat(logs.get(0)).isCloseTo(Math.log(2), within(1e-5));
    assertThat(logs.get(1)).isCloseTo(Math.log(2) - 500, within(1e-3));
  }

  @Test
  void needsANetwork() {
    assertThatThrownBy(() -> new Ensemble(List.of(), false))
        .isInstanceOf(InputException.class)
        .hasMessage("an ensemble needs a network");
  }
}
