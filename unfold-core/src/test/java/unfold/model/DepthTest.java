package unfold.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import unfold.layer.Activate;
import unfold.layer.BatchNorm;
import unfold.layer.Conv2d;
import unfold.layer.Dropout;
import unfold.layer.Flatten;
import unfold.layer.GlobalAveragePool;
import unfold.layer.Layer;
import unfold.layer.Linear;
import unfold.layer.MaxPool2d;
import unfold.layer.Sequential;
import unfold.layer.Sum;
import unfold.tensor.Shape;

final class DepthTest {
  private static Layer conv(int in, int out) {
    return new Conv2d(in, out, 3).padding(1);
  }

  private static Model chain(int classes) {
    return Model.of(
        "chain",
        new Sequential()
            .then("conv1", conv(3, 4))
            .then("bn1", new BatchNorm(4))
            .then("relu1", Activate.RELU)
            .then("pool1", new MaxPool2d(2))
            .then("conv2", conv(4, 5))
            .then("relu2", Activate.RELU)
            .then("flatten", new Flatten())
            .then("drop", new Dropout(0.5))
            .then("fc1", new Linear(5 * 4 * 4, 7))
            .then("relu3", Activate.RELU)
            .then("fc2", new Linear(7, classes)),
        new Options(classes, 3, 8));
  }

  @Test
  void inAChainEveryLayerWithAWeightIsADepthAndTakesAlongWhatFollows() {
    List<Depth> depths = Depth.of(chain(2));
    assertThat(depths)
        .containsExactly(
            new Depth("conv1", "pool1", Shape.of(4, 4, 4), List.of("conv1", "bn1"), 112 + 8),
            new Depth("conv2", "relu2", Shape.of(5, 4, 4), List.of("conv2"), 185),
            new Depth("fc1", "relu3", Shape.of(7), List.of("fc1"), 567),
            new Depth("fc2", "fc2", Shape.of(2), List.of("fc2"), 16));
    assertThat(depths.get(1).map()).isTrue();
    assertThat(depths.get(2).map()).isFalse();
  }

  @Test
  void aBlockWithAShortcutIsOneDepthAndItsSiblingWithoutOneIsToo() {
    Layer convs = Sequential.of(conv(4, 4), Activate.RELU, conv(4, 4));
    var model =
        Model.of(
            "blocks",
            new Sequential()
                .then("stem", conv(3, 4))
                .then(
                    "blocks",
                    Sequential.of(
                        Sequential.of(conv(4, 4), Activate.RELU, conv(4, 4)), Sum.residual(convs)))
                .then("mean", new GlobalAveragePool())
                .then("fc", new Linear(4, 2)),
            new Options(2, 3, 8));
    assertThat(Depth.of(model).stream().map(Depth::name))
        .containsExactly("stem", "blocks.0", "blocks.1", "fc");
    assertThat(Depth.of(model).stream().map(Depth::layer))
        .containsExactly("stem", "blocks.0", "blocks.1", "fc");
  }

  @Test
  void theHeadIsWhatDependsOnTheNumberOfClasses() {
    assertThat(Head.between(chain(2), chain(3))).containsExactly("fc2");
    assertThat(Head.between(chain(2), chain(2))).isEmpty();
  }

  @Test
  void someOfManyAreSpreadEvenly() {
    List<Depth> all = Depth.of(chain(2));
    assertThat(Depth.spread(all, 3).stream().map(Depth::name))
        .containsExactly("conv1", "conv2", "fc2");
    assertThat(Depth.spread(all, 9)).isEqualTo(all);
    assertThat(Depth.spread(all, 1).getFirst().name()).isEqualTo("fc2");
  }
}
