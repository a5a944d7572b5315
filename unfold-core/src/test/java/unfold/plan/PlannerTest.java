package unfold.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import unfold.backend.Backend;
import unfold.backend.Call;
import unfold.error.PlanException;
import unfold.graph.GraphParser;
import unfold.tensor.TensorType;

final class PlannerTest {
  private static Plan plan(PlanOptions options, String graph, Backend... backends) {
    return new Planner(List.of(backends), options).plan(GraphParser.parse(graph));
  }

  private static Plan plan(String graph, Backend... backends) {
    return plan(PlanOptions.defaults(), graph, backends);
  }

  /// The steps in words: `matmul %0 %1 -> %4`, a value in a packed layout with an asterisk.
  private static String steps(Plan plan) {
    return plan.steps().stream()
        .map(s -> s.op() + words(s.inputs()) + " ->" + words(s.written()))
        .collect(Collectors.joining("\n"));
  }

  private static String words(List<Stored> values) {
    return values.stream()
        .map(v -> " " + v.value() + (v.layout().toString().equals("reversed") ? "*" : ""))
        .collect(Collectors.joining());
  }

  @Test
  void aParameterLiesAsItsGradientIsWritten() {
    var plan =
        plan(
            """
            graph step {
              feed %0 x : f32[8x4]
              feed %1 rate : f32[()]
              state %2 w : f32[4x6]
              state %3 v : f32[4x6]
              %4 = matmul(%0, %2) ta=false tb=false out=f32 : f32[8x6]
              %5 = matmul(%0, %4) ta=true tb=false out=f32 : f32[4x6]
              %6, %7 = sgd(%1, %1, %2, %5, %3) momentum=0.9 dampening=0.0 nesterov=false decay=0.0 : f32[4x6], f32[4x6]
              update w %6
              update v %7
            }
            """,
            FakeBackend.packing());

    assertThat(steps(plan))
        .isEqualTo(
            """
            matmul %0 %2* -> %4
            convert %4 -> %4*
            matmul %0 %4* -> %5*
            sgd %1 %1 %2* %5* %3* -> %6* %7*\
            """);
    assertThat(plan.steps().getLast().written()).allMatch(s -> s.place() instanceof Place.InState);
    assertThat(plan.prologue()).isZero();
  }

  @Test
  void castsOfStatesGoStraightToTheLayoutsThatKernelsWantAndAreShared() {
    var plan =
        plan(
            """
            graph shared {
              feed %0 x : bf16[4x4]
              state %1 w : f32[4x4]
              %2 = cast(%1) to=bf16 : bf16[4x4]
              %3 = matmul(%0, %2) ta=false tb=false out=bf16 : bf16[4x4]
              %4 = matmul(%3, %2) ta=false tb=false out=bf16 : bf16[4x4]
              %5 = cast(%4) to=f32 : f32[4x4]
              result y %5
              update w %5
            }
            """,
            FakeBackend.packing());

    assertThat(steps(plan))
        .isEqualTo(
            """
            convert %1 -> %2*
            matmul %0 %2* -> %3
            matmul %3 %2* -> %4
            cast %4 -> %5
            convert %5 -> %5\
            """);
  }

  @Test
  void aCastOfAStateIsMadeFromTheStateEachTimeAsItsCopiesMayHaveNoWayBack() {
    var plan =
        plan(
            """
            graph oneway {
              feed %0 x : bf16[4x4]
              state %1 w : f32[4x4]
              %2 = cast(%1) to=bf16 : bf16[4x4]
              %3 = matmul(%0, %2) ta=false tb=false out=bf16 : bf16[4x4]
              %4 = matmul(%2, %3) ta=false tb=false out=bf16 : bf16[4x4]
              %5 = unary(%2) f=negate : bf16[4x4]
              %6 = cast(%4) to=f32 : f32[4x4]
              result y %4
              result z %5
              update w %6
            }
            """,
            FakeBackend.oneWay());

    assertThat(steps(plan))
        .isEqualTo(
            """
            convert %1 -> %2*
            matmul %0 %2* -> %3
            convert %1 -> %2
            convert %3 -> %3*
            matmul %2 %3* -> %4
            unary %2 -> %5
            cast %4 -> %6\
            """);
  }

  @Test
  void whatDependsOnUnchangedStatesOnlyIsThePrologue() {
    var plan =
        plan(
            """
            graph inference {
              feed %0 x : f32[4x4]
              state %1 w : f32[4x4]
              state %2 s : f32[4x4]
              %3 = binary(%1, %2) f=multiply : f32[4x4]
              %4 = matmul(%0, %3) ta=false tb=false out=f32 : f32[4x4]
              result y %4
            }
            """,
            FakeBackend.packing());

    assertThat(plan.prologue()).isEqualTo(2);
    assertThat(steps(plan))
        .isEqualTo(
            """
            binary %1 %2 -> %3
            convert %3 -> %3*
            matmul %0 %3* -> %4\
            """);
    // the product itself is not needed after the prologue, its packed form always
    assertThat(plan.buffers().stream().map(b -> b.first() + ".." + b.last()))
        .containsExactly("-1..3", "0..1", "1..3", "2..3");
  }

  @Test
  void aChainOfElementwiseStepsNeedsOneBuffer() {
    var plan =
        plan(
            """
            graph chain {
              feed %0 x : f32[64]
              %1 = affine(%0) scale=2.0 shift=0.0 : f32[64]
              %2 = affine(%1) scale=2.0 shift=0.0 : f32[64]
              %3 = reshape(%2) shape=8x8 : f32[8x8]
              %4 = affine(%3) scale=2.0 shift=0.0 : f32[8x8]
              result y %4
            }
            """,
            FakeBackend.plain());

    assertThat(plan.steps()).hasSize(3);
    assertThat(plan.memory().arenaBytes()).isEqualTo(2 * 256);
  }

  @Test
  void aReshapeBetweenChannelsLastAndRowsMovesMemoryOnlyWhereItMust() {
    var free =
        plan(
            """
            graph free {
              feed %0 x : f32[2x8x1x1]
              %1 = reshape(%0) shape=2x8 : f32[2x8]
              result y %1
            }
            """,
            FakeBackend.plain());
    assertThat(free.steps()).isEmpty();

    var moved =
        plan(
            """
            graph moved {
              feed %0 x : f32[2x8x3x3]
              %1 = reshape(%0) shape=2x72 : f32[2x72]
              result y %1
            }
            """,
            FakeBackend.plain());
    assertThat(moved.converting()).hasSize(1);
  }

  @Test
  void valuesNobodyReadsAreNotComputedUnlessKept() {
    String graph =
        """
        graph idle {
          feed %0 x : f32[4]
          %1 = affine(%0) scale=2.0 shift=0.0 : f32[4] @ block.a
          %2 = affine(%1) scale=2.0 shift=0.0 : f32[4] @ block.b
          %3 = affine(%0) scale=3.0 shift=0.0 : f32[4] @ c
          result y %3
        }
        """;
    assertThat(plan(graph, FakeBackend.plain()).steps()).hasSize(1);
    var kept = plan(PlanOptions.defaults().keep("block", "%1"), graph, FakeBackend.plain());
    assertThat(kept.steps()).hasSize(3);
    assertThat(kept.kept().entrySet().stream().map(e -> e.getKey() + " " + e.getValue().value()))
        .containsExactlyInAnyOrder("block %2", "%1 %1");
    assertThatThrownBy(() -> plan(PlanOptions.defaults().keep("d"), graph, FakeBackend.plain()))
        .isInstanceOf(PlanException.class)
        .hasMessage("there is no value d to keep in idle; its layers are block.a, block.b, c");
  }

  @Test
  void refusesWhatDoesNotFitTheBudgetWithNumbersAndRemedy() {
    String graph =
        """
        graph large {
          feed %0 x : f32[1024x1024]
          state %1 w : f32[1024x1024]
          %2 = binary(%0, %1) f=add : f32[1024x1024] @ sum
          %3 = matmul(%2, %1) ta=false tb=false out=f32 : f32[1024x1024] @ product
          result y %3
        }
        """;
    assertThatThrownBy(
            () -> plan(PlanOptions.defaults().budget(10 << 20), graph, FakeBackend.plain()))
        .isInstanceOf(PlanException.class)
        .hasMessage(
            "large needs 8.0 MiB for its inputs and states and 8.0 MiB for %3 = matmul(%2, %1)"
                + " ta=false tb=false out=f32 : f32[1024x1024] @ product, but the budget is 10.0"
                + " MiB. Use a smaller batch or bf16, or raise the budget"
                + " (UNFOLD_MEMORY_BUDGET)");
    assertThatThrownBy(
            () -> plan(PlanOptions.defaults().budget(16 << 20), graph, FakeBackend.packing()))
        .isInstanceOf(PlanException.class)
        .hasMessage(
            "large needs 20.0 MiB (arena 16.0 MiB, states 4.0 MiB, constants 0 B, scratch 100 B),"
                + " but the budget is 16.0 MiB. The largest values: 4.0 MiB for %1"
                + " f32[1024x1024]@reversed (product convert); 4.0 MiB for %0 f32[1024x1024]"
                + " (feed x); 4.0 MiB for %2 f32[1024x1024] (sum binary); 4.0 MiB for %3"
                + " f32[1024x1024] (product matmul). Use a smaller batch or bf16, or raise the"
                + " budget (UNFOLD_MEMORY_BUDGET)");
  }

  @Test
  void namesTheNodeThatNobodyComputesAndWhoDeclined() {
    String graph =
        """
        graph hard {
          feed %0 x : f32[4]
          %1 = unary(%0) f=exp : f32[4]
          %2 = softmax(%1) axis=0 : f32[4] @ head
          result y %2
        }
        """;
    assertThatThrownBy(() -> plan(graph, FakeBackend.picky("a", 1), FakeBackend.plain()))
        .isInstanceOf(PlanException.class)
        .hasMessage(
            "head: nobody computes %2 = softmax(%1) axis=0 : f32[4] @ head: a: a does not know"
                + " softmax; fake: fake does not know softmax");
  }

  @Test
  void aKernelThatYieldsIsTakenOnlyWhereThereIsNoOther() {
    String graph =
        """
        graph either {
          feed %0 x : f32[4]
          %1 = unary(%0) f=square : f32[4]
          result y %1
        }
        """;

    assertThat(plan(graph, FakeBackend.yielding(), FakeBackend.plain()).steps())
        .extracting(Step::backend)
        .containsExactly("fake");
    assertThat(plan(graph, FakeBackend.yielding()).steps())
        .extracting(Step::backend)
        .containsExactly("yielding");
  }

  @Test
  void theReportSaysWhoComputesWhatAndWhatIsSlow() {
    var plan =
        plan(
            """
            graph slow {
              feed %0 x : f32[8x8x3x3]
              %1 = conv2d(%0, %0) stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 : f32[8x8x1x1] @ c
              result y %1
            }
            """,
            FakeBackend.plain(), new unfold.backend.reference.ReferenceBackend());

    assertThat(plan.warnings())
        .containsExactly(
            "c: the reference computes conv2d, slowly: fake: fake does not know conv2d");
    assertThat(plan.toString())
        .contains(
            "plan slow: 1 steps, 0 of them in the prologue, 0.000 GFLOP",
            "reference/plain",
            "f32[8x8x3x3], %0:f32[8x8x3x3] -> %1:f32[8x8x1x1]",
            "conversions: 0, moving 0 B",
            "fake declines conv2d: fake does not know conv2d (1 node)",
            "slow: c: the reference computes conv2d");
    assertThat(plan.memoryTable()).contains("2304     -1..1", "%0 f32[8x8x3x3] (feed x)");
  }

  @Test
  void flopsAndBytesFollowFromTheDefinitions() {
    var x = TensorType.f32(2, 3, 8, 8);
    var w = TensorType.f32(4, 3, 3, 3);
    var op = new unfold.op.Convolution.Conv2d(unfold.op.Window.of(2, 1), 1);
    var y = op.infer(List.of(x, w));
    assertThat(y).isEqualTo(List.of(TensorType.f32(2, 4, 4, 4)));
    assertThat(Cost.flops(op, List.of(x, w), y)).isEqualTo(2L * 2 * 4 * 4 * 4 * 3 * 3 * 3);
    assertThat(Cost.bytes(List.of(x, w), y)).isEqualTo(4L * (2 * 3 * 64 + 4 * 27 + 2 * 64));
    var product = new unfold.op.Linear.MatMul(true, false, unfold.tensor.DType.F32);
    var a = TensorType.f32(5, 7);
    var b = TensorType.f32(5, 9);
    assertThat(Cost.flops(product, List.of(a, b), product.infer(List.of(a, b))))
        .isEqualTo(2L * 7 * 9 * 5);
  }

  @Test
  void aChooserThatReconsidersIsAskedAllOfItOnceMore() {
    var asked = new ArrayList<String>();
    var chooser =
        new Chooser() {
          @Override
          public void begin(long bytes) {
            asked.add("begin " + bytes);
          }

          @Override
          public int choose(Call call, List<Option> options) {
            asked.add(call.op().name());
            return 0;
          }

          @Override
          public boolean reconsiders() {
            asked.add("reconsiders");
            return true;
          }
        };
    plan(
        PlanOptions.defaults().chooser(chooser),
        """
        graph twice {
          feed %0 x : f32[4]
          %1 = affine(%0) scale=2.0 shift=0.0 : f32[4]
          result y %1
        }
        """,
        FakeBackend.plain());
    assertThat(asked).containsExactly("begin 32", "affine", "reconsiders", "affine");
  }
}
