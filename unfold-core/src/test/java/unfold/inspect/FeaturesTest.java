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

final class FeaturesTest {
  private final Engine engine = Small.engine();
  private final Model model = Small.model();
  private final States states = Small.states(model);

  @Test
  void aLayerGivesWhatAnInferenceThatKeepsItGives() {
    var features =
        Features.of(engine, model, states, List.of("relu1", "conv2", "fc"), Form.WHOLE, 2);
    var inference = engine.inference(model, 2, states, List.of("relu1", "conv2", "fc"));
    features.run(Small.pictures(2));
    inference.run(Small.pictures(2));
    for (String layer : features.layers()) {
      Tensor wanted = inference.value(layer);
      assertThat(features.value(layer).type()).isEqualTo(wanted.type());
      for (long i = 0; i < wanted.size(); i++) {
        assertThat(features.value(layer).get(i)).isCloseTo(wanted.get(i), within(1e-5));
      }
    }
    assertThat(features.shape("conv2")).isEqualTo(Shape.of(8, 4, 4));
  }

  @Test
  void pooledIsTheMeanOverAllPlaces() {
    var whole = Features.of(engine, model, states, List.of("conv2"), Form.WHOLE, 2);
    var pooled = Features.of(engine, model, states, List.of("conv2"), Form.POOLED, 2);
    whole.run(Small.pictures(2));
    pooled.run(Small.pictures(2));
    double[] all = whole.value("conv2").toDoubles();
    Tensor means = pooled.value("conv2");
    assertThat(means.shape()).isEqualTo(Shape.of(2, 8));
    for (int k = 0; k < 16; k++) {
      double sum = 0;
      for (int place = 0; place < 16; place++) {
        sum += all[16 * k + place];
      }
      assertThat(means.get(k)).isCloseTo(sum / 16, within(1e-5));
    }
  }

  @Test
  void whatLiesAboveTheDeepestLayerIsNotComputed() {
    var shallow = Features.of(engine, model, states, List.of("conv1"), Form.POOLED, 1);
    var deep = Features.of(engine, model, states, List.of("fc"), Form.POOLED, 1);
    assertThat(shallow.steps()).isLessThan(deep.steps());
  }

  @Test
  void anUnknownLayerIsNamedWithItsNeighbours() {
    assertThatThrownBy(() -> Features.of(engine, model, states, List.of("conv3"), Form.WHOLE, 1))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "small-infer has no layer 'conv3'; did you mean conv1, conv2, bn1? Its 9 layers are"
                + " normalize, conv1, bn1, relu1, pool, conv2, relu2, mean, fc");
  }
}
