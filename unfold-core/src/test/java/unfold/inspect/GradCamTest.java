package unfold.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import unfold.engine.Engine;
import unfold.error.InputException;
import unfold.inspect.Features.Form;
import unfold.model.Model;
import unfold.run.States;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;

final class GradCamTest {
  private final Engine engine = Small.engine();
  private final Model model = Small.model();
  private final States states = Small.states(model);

  /// Behind the layer come only a mean over places and fc, so ∂logit/∂A[c] is fc's weight by the
  /// number of places.
  @Test
  void underAMeanAndALinearLayerTheHeatIsTheMapsWeighedByItsWeights() {
    var features = Features.of(engine, model, states, List.of("relu2"), Form.WHOLE, 1);
    features.run(Small.pictures(1));
    Tensor maps = features.value("relu2");
    Tensor weights = states.get("fc.weight");
    var cam = GradCam.of(engine, model, states, "relu2");
    for (int target = 0; target < Small.CLASSES; target++) {
      GradCam.Heat heat = cam.run(Small.pictures(1), target);
      assertThat(heat.map().shape()).isEqualTo(Shape.of(4, 4));
      double most = 0;
      for (int place = 0; place < 16; place++) {
        double sum = 0;
        for (int c = 0; c < 8; c++) {
          sum += weights.get(8 * target + c) / 16 * maps.get(16 * c + place);
        }
        assertThat(heat.map().get(place)).isCloseTo(Math.max(0, sum), within(1e-6));
        most = Math.max(most, sum);
      }
      assertThat(heat.target()).isEqualTo(target);
    }
  }

  /// Moving all of a map's numbers a little moves the logit by the map's weight times their number.
  @Test
  void throughPoolingAndConvolutionTheWeightsAreTheSlopesOfTheLogit() {
    var inference = engine.inference(model, 1, states);
    inference.run(Small.pictures(1));
    double before = inference.logits().get(2);
    GradCam.Heat heat = GradCam.of(engine, model, states, "bn1").run(Small.pictures(1), 2);
    assertThat(heat.logits().get(2)).isCloseTo(before, within(1e-5));
    // bn1's bias moves every number of a map of bn1.
    double[] slopes = new double[6];
    Tensor bias = states.get("bn1.bias");
    for (int c = 0; c < 6; c++) {
      double step = 1e-3;
      double[] logit = new double[2];
      for (int side = 0; side < 2; side++) {
        Tensor moved = bias.copy();
        moved.set(c, bias.get(c) + (side == 0 ? step : -step));
        states.set("bn1.bias", moved);
        inference.run(Small.pictures(1));
        logit[side] = inference.logits().get(2);
      }
      slopes[c] = (logit[0] - logit[1]) / (2 * step);
    }
    states.set("bn1.bias", bias);
    var features = Features.of(engine, model, states, List.of("bn1"), Form.WHOLE, 1);
    features.run(Small.pictures(1));
    Tensor maps = features.value("bn1");
    for (int place = 0; place < 144; place++) {
      double sum = 0;
      for (int c = 0; c < 6; c++) {
        sum += slopes[c] / 144 * maps.get(144L * c + place);
      }
      assertThat(heat.map().get(place)).isCloseTo(Math.max(0, sum), within(2e-4));
    }
  }

  @Test
  void theLikeliestClassIsTheOneWithTheLargestLogit() {
    GradCam.Heat heat = GradCam.of(engine, model, states, "conv2").likeliest(Small.pictures(1));
    for (int c = 0; c < Small.CLASSES; c++) {
      assertThat(heat.logits().get(c)).isLessThanOrEqualTo(heat.logits().get(heat.target()));
    }
  }

  @Test
  void theUsualLayerIsTheDeepestWithPlacesBelowTheAnswer() {
    assertThat(GradCam.usualLayer(model)).isEqualTo("relu2");
  }

  @Test
  void refusesALayerWithoutPlacesAndAClassThatIsNone() {
    assertThatThrownBy(() -> GradCam.of(engine, model, states, "fc"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "Grad-CAM: fc gives [1x4], but a map needs N×C×H×W; choose a layer below, such as"
                + " relu2");
    var cam = GradCam.of(engine, model, states, "relu2");
    assertThatThrownBy(() -> cam.run(Small.pictures(1), 4))
        .isInstanceOf(InputException.class)
        .hasMessage("Grad-CAM: there is no class 4; there are 0 … 3");
  }
}
