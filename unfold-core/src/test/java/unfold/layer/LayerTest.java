package unfold.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import unfold.error.InputException;
import unfold.error.ShapeException;
import unfold.tensor.TensorType;
import unfold.trace.Mode;
import unfold.trace.Traced;
import unfold.trace.Tracer;

final class LayerTest {
  private static Traced trace(Layer layer, int... x) {
    return Tracer.trace("one", layer, TensorType.f32(x), Mode.TRAIN);
  }

  @Test
  void zerosThatTheCeilAddsAreNoElementsOfAMean() {
    // 6 wide, window 3, stride 2, padding 1: the last window hangs one beyond the padding.
    var pool = new AveragePool2d(3).stride(2).padding(1).ceil(true);
    assertThat(trace(pool, 1, 1, 6, 6).graph().nodes())
        .extracting(n -> n.op().name() + " " + n.op().attributes())
        .containsExactly(
            "pad before=0,0,1,1 after=0,0,1,1 value=0.0",
            "average_pool2d kernel=3,3 stride=2,2 pad=0,1,0,1 dilation=1,1 count_padding=false");
  }

  @Test
  void namesChildrenByNumberOrByName() {
    var net =
        Sequential.of(
            new Linear(4, 4),
            Activate.RELU,
            new Sequential().then("fc", new Linear(4, 3)).then(new Linear(3, 2)),
            Sum.residual(new Linear(2, 2)),
            new Concat().branch("a", new Linear(2, 1)).branch("b", new Linear(2, 5)));
    Traced traced = trace(net, 1, 4);
    assertThat(traced.graph().result("y").orElseThrow().type()).isEqualTo(TensorType.f32(1, 6));
    assertThat(new TreeSet<>(traced.states().stream().map(d -> d.name()).toList()))
        .containsExactly(
            "0.bias",
            "0.weight",
            "2.1.bias",
            "2.1.weight",
            "2.fc.bias",
            "2.fc.weight",
            "3.0.bias",
            "3.0.weight",
            "4.a.bias",
            "4.a.weight",
            "4.b.bias",
            "4.b.weight");
  }

  @Test
  void wrongShapesSayWhoWhatAndWhere() {
    assertFails(
        new Sequential()
            .then(
                "features",
                Sequential.of(
                    new Conv2d(3, 4, 3),
                    Activate.RELU,
                    new Identity(),
                    new Conv2d(6, 6, 3).groups(2))),
        "features.3: conv2d: x [1x4x6x6] has 4 channels, but w [6x3x3x3] with groups=2 reads 6",
        1,
        3,
        8,
        8);
    assertFails(
        Sequential.of(new Conv2d(3, 4, 3), new Linear(144, 2)),
        "1: linear: x [1x4x6x6] must have 144 numbers along its last axis; flatten it first",
        1,
        3,
        8,
        8);
    assertFails(
        Sequential.of(new Linear(5, 2)),
        "0: linear: x [1x4] must have 5 numbers along its last axis",
        1,
        4);
    assertFails(
        Sequential.of(new BatchNorm(5)),
        "0: batch_norm: x [2x4] must have 5 channels along axis 1",
        2,
        4);
    assertFails(
        Sequential.of(new Conv1d(3, 4, 3)),
        "0: conv1d: x [1x3x8x8] has rank 4, but needs rank 3 (N×C×L)",
        1,
        3,
        8,
        8);
    assertFails(
        Sequential.of(new ConvTranspose2d(4, 4, 3).stride(2).outputPadding(2)),
        "0: conv_transpose2d: x [1x4x8x8] would become 19 along axis 2 with padding=0"
            + " outputPadding=2; outputPadding must be less than stride=2",
        1,
        4,
        8,
        8);
    assertFails(
        Sequential.of(new ConvTranspose2d(3, 4, 3)),
        "0: conv_transpose2d: x [1x4x8x8] must be N×C×H×W with C=3 channels",
        1,
        4,
        8,
        8);
    assertFails(
        Sequential.of(Sum.of(new Identity(), new Linear(4, 2))),
        "0: sum: branch 1 gives [1x2], but the others [1x4]",
        1,
        4);
    assertFails(
        Sequential.of(new GlobalAveragePool()),
        "0: global_average_pool: x [1x4] has no positions (N×C×H×W)",
        1,
        4);
  }

  private static void assertFails(Layer layer, String message, int... x) {
    assertThatThrownBy(() -> trace(layer, x))
        .isInstanceOf(ShapeException.class)
        .hasMessage(message);
  }

  @Test
  void rejectsGroupsThatDoNotDivideChannels() {
    assertThatThrownBy(() -> new Conv2d(8, 6, 3).groups(4))
        .isInstanceOf(ShapeException.class)
        .hasMessage("conv2d: groups=4 must divide in=8 and out=6");
  }

  @Test
  void rejectsTwoChildrenOfOneName() {
    assertThatThrownBy(() -> new Sequential().then("fc", Activate.RELU).then("fc", Activate.TANH))
        .isInstanceOf(InputException.class)
        .hasMessage("two layers side by side are named 'fc'");
    assertThatThrownBy(() -> trace(new Sum(), 1))
        .hasMessage("a sum without branches has no result");
    assertThatThrownBy(() -> trace(new Concat(), 1))
        .hasMessage("a concatenation without branches has no result");
  }
}
