package unfold.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.error.InputException;
import unfold.graph.Graph;
import unfold.graph.GraphBuilder;
import unfold.graph.GraphParser;
import unfold.graph.Value;
import unfold.op.Attributes;
import unfold.op.Op;
import unfold.tensor.DType;

class SamplesTest {
  static Stream<Sample> samples() {
    return Samples.all().stream();
  }

  @Test
  void everyOpHasSamples() {
    var missing = new TreeSet<String>();
    ops(Op.class).forEach(record -> missing.add(record.getSimpleName()));
    assertThat(missing).hasSizeGreaterThan(50);
    for (Sample s : Samples.all()) {
      s.types().forEach(real -> missing.remove(s.op(real).getClass().getSimpleName()));
    }
    assertThat(missing).as("ops without a sample: add one to their family").isEmpty();
  }

  private static List<Class<?>> ops(Class<?> type) {
    if (!type.isSealed()) {
      return List.of(type);
    }
    var records = new ArrayList<Class<?>>();
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      records.addAll(ops(permitted));
    }
    return records;
  }

  @ParameterizedTest
  @MethodSource("samples")
  void theTextFormOfAnOpIsTheOp(Sample sample) {
    for (DType real : sample.types()) {
      Op op = sample.op(real);
      String text = op.attributes().toString();
      assertThat(Op.read(op.name(), Attributes.parse(text))).as(text).isEqualTo(op);
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void theTextFormOfAGraphIsTheGraph(Sample sample) {
    for (DType real : sample.types()) {
      var b = new GraphBuilder("sample");
      var operands = new ArrayList<Value>();
      for (Operand o : sample.operands()) {
        operands.add(b.feed(o.name(), o.type(real)));
      }
      var results = b.add(sample.op(real), operands, "a.b 1");
      for (int i = 0; i < results.size(); i++) {
        b.result("y" + i, results.get(i));
      }
      Graph graph = b.build();
      assertThat(GraphParser.parse(graph.toString())).isEqualTo(graph);
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void theNameOfASampleIsTheSample(Sample sample) {
    Sample again = Samples.parse(sample.name());
    for (DType real : sample.types()) {
      assertThat(again.op(real)).isEqualTo(sample.op(real));
      assertThat(again.inputs(real)).isEqualTo(sample.inputs(real));
      var drawn = sample.draw(real, 3);
      for (int i = 0; i < drawn.size(); i++) {
        assertThat(drawn.get(i).type()).isEqualTo(sample.inputs(real).get(i));
        assertThat(again.draw(real, 3).get(i).toDoubles()).isEqualTo(drawn.get(i).toDoubles());
      }
    }
  }

  @Test
  void aNameOutsideTheCatalogueIsASampleToo() {
    Sample sample = Samples.read("conv2d n1c8h5w5-o4k3x1s2x1p1x0 bias act=relu");
    assertThat(sample.inputs(DType.BF16)).hasToString("[bf16[1x8x5x5], bf16[4x8x3x1], f32[4]]");
    assertThat(sample.op(DType.BF16).attributes())
        .hasToString("stride=2,1 pad=1,1,0,0 dilation=1,1 groups=1 act=relu");
  }

  @Test
  void saysWhichNameIsNear() {
    assertThatThrownBy(() -> Samples.read("conv2 n2c4h5w5-o4k3s2p1g1"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "sample 'conv2 n2c4h5w5-o4k3s2p1g1' starts with 'conv2', which is no op; did you mean"
                + " 'conv2d n2c4h5w5-o4k3s2p1g1'?");
    assertThatThrownBy(() -> Samples.read("conv2d n2c4h5-o4k3s2p1g1"))
        .hasMessage(
            "sample 'conv2d n2c4h5-o4k3s2p1g1' needs a number for 'w', as in w3; did you mean"
                + " 'conv2d n2c4h5w5-o4k3s2p1g1'?");
    assertThatThrownBy(() -> Samples.read("conv2d n2c4h5w5-o4k3s2p1g3"))
        .hasMessage(
            "conv2d: x [2x4x5x5] has 4 channels, but w [4x1x3x3] with groups=3 reads 3; did you"
                + " mean 'conv2d n2c4h5w5-o4k3s2p1g1'?");
    assertThatThrownBy(() -> Samples.read("conv2d n2c4h5w5-o4k3s2q1g1 biass act=relu beta=1"))
        .hasMessageStartingWith(
            "sample 'conv2d n2c4h5w5-o4k3s2q1g1 biass act=relu beta=1' has words that mean nothing"
                + " for conv2d: [biass, beta, q]; did you mean 'conv2d ");
    assertThatThrownBy(() -> Samples.read("softmax axis=1"))
        .hasMessageStartingWith("sample 'softmax axis=1' needs 1 shapes such as 2x3x4;");
  }

  @Test
  void coversWhatTripsVectorCode() {
    Set<Integer> channels = new HashSet<>();
    for (Sample s : Samples.of("conv2d")) {
      channels.add(s.operands().getFirst().shape().dim(1));
    }
    assertThat(channels).contains(1, 3, 6, 24, 37);
  }
}
