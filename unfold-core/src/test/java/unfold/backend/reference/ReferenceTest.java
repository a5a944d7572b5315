package unfold.backend.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import unfold.backend.BackendProvider;
import unfold.backend.Call;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.error.GraphException;
import unfold.error.InputException;
import unfold.graph.Graph;
import unfold.graph.GraphParser;
import unfold.op.Activation;
import unfold.op.Convolution.Conv2d;
import unfold.op.Lookup.Gather;
import unfold.op.Pointwise.Activate;
import unfold.op.Pointwise.Cast;
import unfold.op.Pooling.MaxPool2d;
import unfold.op.Randomness.Dropout;
import unfold.op.Randomness.Grain;
import unfold.op.Reduction.ArgMax;
import unfold.op.Softmaxes.SoftmaxCrossEntropy;
import unfold.op.Updates.Adam;
import unfold.op.Window;
import unfold.random.Philox;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// What PyTorch cannot be asked, because it is ours or undefined there.
class ReferenceTest {
  @Test
  void isFoundAsAServiceAndAskedLast() {
    var provider =
        ServiceLoader.load(BackendProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(p -> p.name().equals("reference"))
            .findFirst()
            .orElseThrow();
    assertThat(provider.order()).isEqualTo(Integer.MAX_VALUE);
    assertThat(provider.unavailable()).isEmpty();
    assertThat(provider.open(Workers.single()).name()).isEqualTo("reference");
  }

  @Test
  void aBf16ResultIsRoundedOnceFromTheExactSum() {
    // 1 + 2⁻⁸ + 2⁻¹² + 2⁻¹⁶: rounding after any of the additions would lose the rest
    var x = Tensor.of(Shape.of(1, 4, 1, 1), 1f, 0x1p-8f, 0x1p-12f, 0x1p-16f).to(DType.BF16);
    var w = Tensor.of(Shape.of(1, 4, 1, 1), 1f, 1f, 1f, 1f).to(DType.BF16);
    var y = Reference.evaluate(new Conv2d(Window.UNIT, 1), List.of(x, w)).getFirst();
    assertThat(y.get(0)).isEqualTo(1 + 0x1p-7);
  }

  @Test
  void nanWinsAMaximumAndTheFirstOfEqualsIsItsPlace() {
    float nan = Float.NaN;
    var x = Tensor.of(Shape.of(1, 2, 2, 2), 1f, 5f, 5f, 2f, 7f, nan, 9f, nan);
    var pooled = Reference.evaluate(new MaxPool2d(2, 2, Window.UNIT), List.of(x));
    assertThat(pooled.get(0).toDoubles()).containsExactly(5, Double.NaN);
    assertThat(pooled.get(1).toDoubles()).containsExactly(1, 1);
    var rows = x.reshape(Shape.of(2, 4));
    assertThat(Reference.evaluate(new ArgMax(1), List.of(rows)).getFirst().toDoubles())
        .containsExactly(1, 1);
  }

  @Test
  void paddingNeverWinsAMaximum() {
    var x = Tensor.of(Shape.of(1, 1, 1, 1), Float.NEGATIVE_INFINITY);
    var op = new MaxPool2d(3, 3, Window.of(1, 1));
    var pooled = Reference.evaluate(op, List.of(x));
    assertThat(pooled.get(0).get(0)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(pooled.get(1).get(0)).isEqualTo(4);
  }

  @Test
  void reluKeepsNan() {
    var y = Reference.evaluate(new Activate(Activation.RELU), List.of(Tensor.scalar(Float.NaN)));
    assertThat(y.getFirst().get(0)).isNaN();
  }

  @Test
  void castsSaturateOrRoundToEven() {
    var x = Tensor.of(Shape.of(5), -3f, 0.5f, 1.5f, 254.6f, 1e9f);
    assertThat(Reference.evaluate(new Cast(DType.U8), List.of(x)).getFirst().toDoubles())
        .containsExactly(0, 0, 2, 255, 255);
    assertThat(Reference.evaluate(new Cast(DType.I32), List.of(x)).getFirst().toDoubles())
        .containsExactly(-3, 0, 2, 255, 1e9);
  }

  @Test
  void labelsAndIndicesOutsideGiveNan() {
    var logits = Tensor.of(Shape.of(2, 2), 1f, 2f, 3f, 4f);
    var loss = new SoftmaxCrossEntropy(0, -100);
    var ignored = List.of(logits, Tensor.of(Shape.of(2), -100, -100));
    assertThat(Reference.evaluate(loss, ignored).getFirst().get(0)).isZero();
    var outside = List.of(logits, Tensor.of(Shape.of(2), 0, 2));
    assertThat(Reference.evaluate(loss, outside).getFirst().get(0)).isNaN();
    var rows = List.of(logits, Tensor.of(Shape.of(3), -1, 1, 2));
    assertThat(Reference.evaluate(new Gather(), rows).getFirst().toDoubles())
        .containsExactly(Double.NaN, Double.NaN, 3, 4, Double.NaN, Double.NaN);
  }

  @Test
  void aScaleThatIsNotFiniteLeavesParametersAndStates() {
    var adam = new Adam(0.9, 0.99, 1e-8, 0.1, true);
    var operands =
        List.of(
            Tensor.scalar(0.1f),
            Tensor.scalar(Float.NaN),
            Tensor.scalar(1),
            Tensor.of(Shape.of(2), 1f, 2f),
            Tensor.of(Shape.of(2), Float.NaN, 4f),
            Tensor.of(Shape.of(2), 5f, 6f),
            Tensor.of(Shape.of(2), 7f, 8f));
    var after = Reference.evaluate(adam, operands);
    assertThat(after.get(0).toDoubles()).containsExactly(1, 2);
    assertThat(after.get(1).toDoubles()).containsExactly(5, 6);
    assertThat(after.get(2).toDoubles()).containsExactly(7, 8);
  }

  @Test
  void dropoutNumbersElementsChannelsLast() {
    var x = Tensor.of(Shape.of(1, 3, 1, 2), 1f, 2f, 3f, 4f, 5f, 6f);
    var key = Tensor.of(Shape.of(4), 11, -12, 13, 0);
    var dropped =
        Reference.evaluate(new Dropout(0.5, 9, Grain.ELEMENT), List.of(x, key)).getFirst();
    int[] block = new int[4];
    for (int position = 0; position < 2; position++) {
      for (int c = 0; c < 3; c++) {
        int element = position * 3 + c;
        Philox.block(11L | -12L << 32, element / 4, 9, 13, 0, block);
        boolean keep = Integer.compareUnsigned(block[element % 4], 1 << 31) >= 0;
        int rowMajor = c * 2 + position;
        assertThat(dropped.get(rowMajor)).isEqualTo(keep ? 2 * x.get(rowMajor) : 0);
      }
    }
  }

  @Test
  void anErrorFunctionToTheLastDigits() {
    // Abramowitz, Stegun, table 7.1, and scipy.special.erf
    assertThat(Functions.erf(0.5)).isEqualTo(0.5204998778130465, offset(1e-16));
    assertThat(Functions.erf(-2)).isEqualTo(-0.9953222650189527, offset(2e-16));
    assertThat(Functions.erf(4)).isEqualTo(0.9999999845827421, offset(2e-16));
    assertThat(Functions.erf(7)).isEqualTo(1);
    assertThat(Functions.erf(Double.NaN)).isNaN();
  }

  @Test
  void runsAGraphNodeByNode() {
    Graph graph =
        GraphParser.parse(
            """
            graph counter {
              feed %0 x : f32[2]
              state %1 total : f32[2]
              %2 = binary(%0, %1) f=add : f32[2]
              %3 = affine(%2) scale=2.0 shift=0.0 : f32[2]
              result doubled %3
              update total %2
            }
            """);
    var inputs =
        Map.of("x", Tensor.of(Shape.of(2), 1f, 2f), "total", Tensor.of(Shape.of(2), 10f, 20f));
    var outcome = Reference.evaluate(graph, inputs);
    assertThat(outcome.result("doubled").toDoubles()).containsExactly(22, 44);
    assertThat(outcome.update("total").toDoubles()).containsExactly(11, 22);

    assertThatThrownBy(() -> Reference.evaluate(graph, Map.of()))
        .isInstanceOf(InputException.class)
        .hasMessage("there is no input x among []");
    assertThatThrownBy(() ->
            Reference.evaluate(graph, Map.of("x", Tensor.scalar(1), "total", Tensor.scalar(1))))
        .isInstanceOf(InputException.class)
        .hasMessage("input x is f32[()], but graph counter needs f32[2]");
    assertThatThrownBy(() -> outcome.result("y"))
        .isInstanceOf(InputException.class)
        .hasMessage("there is no result y among [doubled]");
  }

  @Test
  void refusesMemoryThatIsTooSmall() {
    var call = Call.of(new Activate(Activation.RELU), List.of(TensorType.f32(2, 3)));
    var accepted = (Offer.Accepted) new ReferenceBackend().offer(call);
    var candidate = accepted.candidates().getFirst();
    try (var arena = Arena.ofConfined()) {
      MemorySegment scratch = arena.allocate(candidate.scratchBytes());
      var small = List.of(arena.allocate(20));
      var large = List.of(arena.allocate(24));
      assertThatThrownBy(() -> candidate.bind(small, large, scratch))
          .isInstanceOf(GraphException.class)
          .hasMessage(
              "activate: operand 0 f32[2x3] in strides[3, 1] takes 24 bytes, but its memory has 20");
      assertThatThrownBy(() -> candidate.bind(large, small, scratch))
          .hasMessage(
              "activate: result 0 f32[2x3] in strides[3, 1] takes 24 bytes, but its memory has 20");
    }
  }

  @Test
  void declinesNoCallAndTakesPackedOperandsInStandardLayout() {
    TensorType type = TensorType.f32(1, 2, 3, 4);
    var packed = new Layout.Packed("somebody", "blocked", 1024, "nChw16c");
    var call =
        new Call(
            new Activate(Activation.RELU),
            List.of(type),
            List.of(type),
            List.of(packed),
            List.of(true));
    var accepted = (Offer.Accepted) new ReferenceBackend().offer(call);
    assertThat(accepted.candidates().getFirst().inputs())
        .containsExactly(Layout.standard(type.shape()));
    assertThat(new ReferenceBackend().convert(type, packed, type, Layout.standard(type.shape())))
        .isEmpty();
  }
}
