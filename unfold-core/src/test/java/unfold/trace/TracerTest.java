package unfold.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import unfold.error.GraphException;
import unfold.error.InputException;
import unfold.error.ShapeException;
import unfold.graph.GraphParser;
import unfold.graph.Node;
import unfold.layer.Activate;
import unfold.layer.BatchNorm;
import unfold.layer.Conv2d;
import unfold.layer.Dropout;
import unfold.layer.Flatten;
import unfold.layer.Layer;
import unfold.layer.Linear;
import unfold.layer.Sequential;
import unfold.op.Randomness;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

final class TracerTest {
  private static final Layer NET =
      new Sequential()
          .then("conv1", new Conv2d(3, 4, 3).padding(1).bias(false))
          .then("bn1", new BatchNorm(4))
          .then("relu", Activate.RELU)
          .then("flatten", new Flatten())
          .then("drop", new Dropout(0.5))
          .then("fc", new Linear(64, 2));

  private static final TensorType X = TensorType.f32(2, 3, 4, 4);

  @Test
  void aTrainingProgramReadsAsText() {
    Traced traced = Tracer.trace("net", NET, X, Mode.TRAIN);
    assertThat(traced.graph().toString())
        .isEqualTo(
            """
            graph net {
              feed %0 x : f32[2x3x4x4]
              state %1 conv1.weight : f32[4x3x3x3]
              state %3 bn1.weight : f32[4]
              state %4 bn1.bias : f32[4]
              state %5 bn1.running_mean : f32[4]
              state %6 bn1.running_var : f32[4]
              feed %14 key : i32[4]
              state %16 fc.weight : f32[2x64]
              state %17 fc.bias : f32[2]
              %2 = conv2d(%0, %1) stride=1,1 pad=1,1,1,1 dilation=1,1 groups=1 : f32[2x4x4x4] @ conv1
              %7, %8, %9, %10, %11 = batch_norm_train(%2, %3, %4, %5, %6) eps=1.0E-5 momentum=0.1 : f32[2x4x4x4], f32[4], f32[4], f32[4], f32[4] @ bn1
              %12 = activate(%7) act=relu : f32[2x4x4x4] @ relu
              %13 = reshape(%12) shape=2x64 : f32[2x64] @ flatten
              %15 = dropout(%13, %14) rate=0.5 stream=-1448768116 grain=element : f32[2x64] @ drop
              %18 = matmul(%15, %16, %17) ta=false tb=true out=f32 : f32[2x2] @ fc
              result y %18
              update bn1.running_mean %10
              update bn1.running_var %11
            }
            """);
    assertThat(GraphParser.parse(traced.graph().toString())).isEqualTo(traced.graph());
  }

  @Test
  void evaluationUsesRunningStatisticsAndDropsNothing() {
    Traced traced = Tracer.trace("net", NET, X, Mode.EVAL);
    assertThat(traced.graph().nodes())
        .extracting(n -> n.op().name())
        .containsExactly("conv2d", "batch_norm_inference", "activate", "reshape", "matmul");
    assertThat(traced.graph().updates()).isEmpty();
    assertThat(traced.graph().feeds()).hasSize(1);
    // Both modes have the same states, or weights could not be shared.
    assertThat(traced.states())
        .containsExactlyInAnyOrderElementsOf(Tracer.trace("net", NET, X, Mode.TRAIN).states());
  }

  @Test
  void weightsDecayAndVectorsDoNot() {
    Traced traced = Tracer.trace("net", NET, X, Mode.TRAIN);
    assertThat(traced.states().stream().filter(Declaration::decays).map(Declaration::name))
        .containsExactly("conv1.weight", "fc.weight");
    assertThat(traced.trainable().stream().map(Declaration::name))
        .containsExactly("conv1.weight", "bn1.weight", "bn1.bias", "fc.weight", "fc.bias");
    assertThat(traced.parameters()).isEqualTo(4 * 27 + 8 + 130);
  }

  private static Traced frozen(Freeze freeze) {
    var tracer = new Tracer("net", Mode.TRAIN, freeze);
    tracer.result("y", tracer.root().run(NET, tracer.feed("x", X)));
    return tracer.build();
  }

  @Test
  void aFrozenScopeBehavesAsInEvaluation() {
    Traced traced = frozen(Freeze.allBut("fc"));
    assertThat(traced.trainable().stream().map(Declaration::name))
        .containsExactly("fc.weight", "fc.bias");
    assertThat(traced.graph().nodes())
        .extracting(n -> n.op().name())
        .contains("batch_norm_inference")
        .doesNotContain("batch_norm_train", "dropout");
    assertThat(traced.graph().updates()).isEmpty();
    assertThat(traced.parameters()).isEqualTo(246);
  }

  @Test
  void theLongestPrefixDecides() {
    var freeze = new Freeze(List.of("layer1", "layer1.0.bn1"), List.of("layer1.0"));
    assertThat(freeze.covers("layer1.1.conv1")).isTrue();
    assertThat(freeze.covers("layer1.0.conv1.weight")).isFalse();
    assertThat(freeze.covers("layer1.0.bn1")).isTrue();
    assertThat(freeze.covers("layer10")).isFalse();
    assertThat(Freeze.NOTHING.covers("layer1")).isFalse();
  }

  @Test
  void freezingNothingIsAMistake() {
    assertThatThrownBy(() -> frozen(Freeze.of("layr1")))
        .isInstanceOf(InputException.class)
        .hasMessage("nothing to freeze or train is named 'layr1': there are [conv1, bn1, fc]");
  }

  @Test
  void aNameIsUsedOnceUnlessShared() {
    var tracer = new Tracer("twins", Mode.TRAIN);
    Var x = tracer.feed("x", TensorType.f32(4, 3));
    Scope s = tracer.root().child("towers");
    Var a = s.apply("fc", new Linear(3, 3), x);
    assertThatThrownBy(() -> s.apply("fc", new Linear(3, 3), x))
        .isInstanceOf(GraphException.class)
        .hasMessage(
            "the name towers.fc.weight is used twice; give the two layers names of their own, or"
                + " share the parameters with Scope.shared()");
    assertThatThrownBy(() -> s.shared().apply("fc", new Linear(3, 2), x))
        .hasMessage("towers.fc.weight is shared, but is f32[3x3] here and f32[2x3] there");
    tracer.result("y", s.shared().apply("fc", new Linear(3, 3), a));
    assertThat(tracer.build().states()).hasSize(2);
  }

  @Test
  void aSharedRunningStatisticGoesOnWhereItWas() {
    var tracer = new Tracer("twins", Mode.TRAIN);
    Scope s = tracer.root().child("bn").shared();
    var bn = new BatchNorm(3);
    tracer.result("y", s.run(bn, s.run(bn, tracer.feed("x", TensorType.f32(4, 3)))));
    var graph = tracer.build().graph();
    var nodes = graph.nodes();
    assertThat(nodes.get(1).input(3)).isEqualTo(nodes.get(0).output(3));
    assertThat(graph.updates())
        .extracting(u -> u.value())
        .containsExactly(nodes.get(1).output(3), nodes.get(1).output(4));
  }

  @Test
  void everyDropoutHasItsOwnStreamAndKeepsIt() {
    var two =
        Sequential.of(new Dropout(0.5), new Dropout(0.5), new Sequential().then(new Dropout(0.5)));
    var streams = streams(two);
    assertThat(streams).doesNotHaveDuplicates().hasSize(3).isEqualTo(streams(two));
    assertThat(streams(Sequential.of(new Dropout(0.5)))).containsExactly(streams.getFirst());
  }

  private static List<Integer> streams(Layer layer) {
    return Tracer.trace("d", layer, TensorType.f32(2, 2), Mode.TRAIN).graph().nodes().stream()
        .map(Node::op)
        .map(op -> op instanceof Randomness.Dropout d ? d.stream() : 0)
        .toList();
  }

  @Test
  void arithmeticBelongsToTheLayerThatIsRecorded() {
    Layer block = (s, x) -> s.apply("fc", new Linear(4, 4), x).relu().add(x).multiply(0.5);
    Traced traced =
        Tracer.trace("b", new Sequential().then("block", block), TensorType.f32(1, 4), Mode.EVAL);
    assertThat(traced.graph().nodes())
        .extracting(n -> n.op().name() + "@" + n.scope())
        .containsExactly("matmul@block.fc", "activate@block", "binary@block", "affine@block");
  }

  @Test
  void complaintsNameTheLayer() {
    assertFails(
        (s, x) -> x.add(x.transpose(1, 0)),
        "net: binary: shapes 2x3 and 3x2 do not"
            + " broadcast: axis -1 has 3 and 2; they must be equal or one of them 1");
    assertFails((s, x) -> x.softmax(2), "net: x [2x3] has no axis 2");
    assertFails(
        (s, x) -> x.reshape(4, -1),
        "net: reshape: x [2x3] has 6 elements, which [4, -1] cannot hold");
    assertFails((s, x) -> x.reshape(-1, -1), "net: reshape to [-1, -1] leaves two extents open");
  }

  private static void assertFails(Layer layer, String message) {
    var net = new Sequential().then("net", layer);
    assertThatThrownBy(() -> Tracer.trace("t", net, TensorType.f32(2, 3), Mode.EVAL))
        .isInstanceOf(ShapeException.class)
        .hasMessage(message);
  }

  @Test
  void valuesOfAnotherProgramAndOddNamesAreRefused() {
    Var other = new Tracer("other", Mode.EVAL).feed("x", TensorType.f32(2));
    var tracer = new Tracer("one", Mode.EVAL);
    Var x = tracer.feed("x", TensorType.f32(2));
    assertThatThrownBy(() -> x.add(other))
        .isInstanceOf(GraphException.class)
        .hasMessage("binary uses a value of another program: %0 : f32[2]");
    assertThatThrownBy(() -> tracer.root().child("a b"))
        .isInstanceOf(GraphException.class)
        .hasMessage("'a b' cannot name a layer: use letters, digits, '_', '-' and '.'");
    assertThatThrownBy(() -> tracer.feed("x", TensorType.of(DType.I32, 2)))
        .hasMessage("feed x is f32[2] and cannot be i32[2]");
    tracer.result("y", x);
    assertThatThrownBy(() -> tracer.result("y", x)).hasMessage("two results are named y");
    assertThatThrownBy(() -> tracer.root().update("mean", x)).hasMessage("there is no state mean");
  }

  @Test
  void shapesOfVarMethods() {
    var tracer = new Tracer("one", Mode.EVAL);
    Var x = tracer.feed("x", TensorType.f32(2, 3, 5, 7));
    assertThat(x.flatten(1).shape().toString()).isEqualTo("2x105");
    assertThat(x.transpose(0, 2, 3, 1).shape().toString()).isEqualTo("2x5x7x3");
    assertThat(x.slice(-1, 1, 3, 2).shape().toString()).isEqualTo("2x3x5x3");
    assertThat(x.every(1, 1, 2, 2).shape().toString()).isEqualTo("2x3x3x4");
    assertThat(x.pad(1, 1, 2).shape().toString()).isEqualTo("2x6x5x7");
    assertThat(x.mean(3, 2).shape().toString()).isEqualTo("2x3");
    assertThat(x.sum().shape().toString()).isEqualTo("()");
    assertThat(x.argmax(1).type().toString()).isEqualTo("i32[2x5x7]");
    assertThat(Var.concat(1, List.of(x, x)).shape().toString()).isEqualTo("2x6x5x7");
    assertThat(x.matmul(x, true, false).shape().toString()).isEqualTo("2x3x7x7");
    assertThat(x.maximum(0.0).shape()).isEqualTo(x.shape());
    assertThat(x.cast(DType.F32)).isSameAs(x);
  }
}
