package unfold.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import unfold.backend.Workers;
import unfold.error.InputException;
import unfold.error.ShapeException;
import unfold.graph.GraphParser;
import unfold.op.Convolution.Conv2d;
import unfold.op.Convolution.Conv2dWeightGrad;
import unfold.op.Convolution.ConvTranspose2d;
import unfold.op.Linear.MatMul;
import unfold.op.Window;
import unfold.plan.FakeBackend;
import unfold.plan.Plan;
import unfold.plan.PlanOptions;
import unfold.plan.Planner;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;

final class ProgramTest {
  /// One step of p ← p − rate·xᵀ(xp); y = xp is the product with the old p.
  private static final String STEP =
      """
      graph step {
        feed %0 x : f32[2x2]
        feed %1 rate : f32[()]
        state %2 p : f32[2x2]
        %3 = fill() type=f32[()] value=1.0 : f32[()]
        %4 = matmul(%0, %2) ta=false tb=false out=f32 : f32[2x2] @ forward
        %5 = matmul(%0, %4) ta=true tb=false out=f32 : f32[2x2] @ backward
        %6 = sgd(%1, %3, %2, %5) momentum=0.0 dampening=0.0 nesterov=false decay=0.0 : f32[2x2]
        result y %4
        update p %6
      }
      """;

  private static final String USE =
      """
      graph use {
        feed %0 x : f32[2x2]
        state %1 p : f32[2x2]
        %2 = affine(%1) scale=2.0 shift=0.0 : f32[2x2] @ twice
        %3 = matmul(%0, %2) ta=false tb=false out=f32 : f32[2x2] @ product
        result y %3
      }
      """;

  private static Plan plan(PlanOptions options, String graph) {
    return new Planner(List.of(FakeBackend.packing()), options).plan(GraphParser.parse(graph));
  }

  private static Program program(String graph, States states) {
    var options = PlanOptions.defaults().stateLayouts(states.layouts());
    return new Program(plan(options, graph), states);
  }

  private static Tensor matrix(float... values) {
    return Tensor.of(Shape.of(2, 2), values);
  }

  @Test
  void gathersItsThreadsBeforeItsLoops() {
    var gathered = new AtomicInteger();
    var counting =
        new Workers() {
          @Override
          public int threads() {
            return 1;
          }

          @Override
          public void run(int parts, Body body) {
            Workers.single().run(parts, body);
          }

          @Override
          public void gather() {
            gathered.incrementAndGet();
          }
        };
    var states = new States();
    states.set("p", matrix(1, 2, 3, 4));
    Plan plan = plan(PlanOptions.defaults().stateLayouts(states.layouts()), STEP);
    var program = new Program(plan, states, counting);
    program.feed("x", matrix(1, 0, 0, 2));
    program.feed("rate", Tensor.scalar(0.125f));
    program.run();
    assertThat(gathered.get()).isEqualTo(plan.steps().size());
    program.runProfiled();
    assertThat(gathered.get()).isEqualTo(2 * plan.steps().size());
  }

  @Test
  void trainsAStateInPlaceThatAnotherProgramSees() {
    var states = new States();
    states.set("p", matrix(1, 2, 3, 4));
    var step = program(STEP, states);
    var use = program(USE, states);
    step.feed("x", matrix(1, 0, 0, 2));
    step.feed("rate", Tensor.scalar(0.125f));
    use.feed("x", matrix(1, 0, 0, 1));

    step.run();
    use.run();
    assertThat(step.result("y").toFloats()).containsExactly(1, 2, 6, 8);
    assertThat(states.get("p").toFloats()).containsExactly(0.875f, 1.75f, 1.5f, 2);
    assertThat(use.result("y").toFloats()).containsExactly(1.75f, 3.5f, 3, 4);
    assertThat(use.view("y").toFloats()).containsExactly(1.75f, 3.5f, 3, 4);
    assertThat(use.scalar("y")).isEqualTo(1.75f);

    states.set("p", matrix(1, 1, 1, 1));
    use.run();
    assertThat(use.result("y").toFloats()).containsExactly(2, 2, 2, 2);
  }

  @Test
  void thePrologueRunsOnlyWhenAStateItReadsHasChanged() {
    var states = new States();
    states.set("p", matrix(1, 2, 3, 4));
    var use = program(USE, states);
    int prologue = use.plan().prologue();
    assertThat(prologue).isPositive();
    assertThat(prologueNanos(use)).isPositive();
    assertThat(prologueNanos(use)).isZero();
    states.set("other", matrix(1, 2, 3, 4));
    assertThat(prologueNanos(use)).isZero();
    states.set("p", matrix(1, 2, 3, 5));
    assertThat(prologueNanos(use)).isPositive();
  }

  private static long prologueNanos(Program program) {
    long sum = 0;
    long[] nanos = program.runProfiled();
    for (int i = 0; i < program.plan().prologue(); i++) {
      sum += nanos[i];
    }
    return sum;
  }

  @Test
  void keptValuesCanBeReadWhateverTheirLayout() {
    var states = new States();
    states.set("p", matrix(1, 2, 3, 4));
    var program = new Program(plan(PlanOptions.defaults().keep("twice"), USE), states);
    program.run();
    assertThat(program.value("twice").toFloats()).containsExactly(2, 4, 6, 8);
    assertThatThrownBy(() -> program.value("thrice"))
        .isInstanceOf(InputException.class)
        .hasMessage("use has no kept value thrice; there are twice");
  }

  @Test
  void theWatchNamesTheFirstStepWhoseResultIsNotFinite() {
    var states = new States();
    states.set("p", matrix(2e38f, 1, 0, 1));
    var use = program(USE, states);
    use.feed("x", matrix(1, 0, 0, 1));
    assertThat(use.runWatched().map(NotFinite::toString))
        .hasValue("twice: affine (step 0) wrote 0 NaN and 1 infinite of 4 numbers to %2 f32[2x2]");
    states.set("p", matrix(Float.NaN, 1, 0, 1));
    assertThat(use.runWatched().map(NotFinite::toString))
        .hasValue("state p holds 1 NaN and 0 infinite of 4 numbers before the run: %1 f32[2x2]");
    states.set("p", matrix(1, 1, 0, 1));
    assertThat(use.runWatched()).isEmpty();
  }

  @Test
  void aProfileSumsTimeAndWorkByOpAndByLayer() {
    var plan = plan(PlanOptions.defaults(), STEP);
    assertThat(plan.steps()).hasSize(4);
    var peak = new MachinePeak(1e9, 1e9, 0);
    var runs = List.of(new long[] {9, 1, 2, 3}, new long[] {1, 1, 2, 6}, new long[] {5, 1, 2, 4});
    var profile = Profile.of(plan, runs, peak);

    assertThat(profile.nanos()).isEqualTo(5 + 1 + 2 + 4);
    var products = profile.byOp().getFirst();
    assertThat(products.op()).isEqualTo("matmul");
    assertThat(products.steps()).isEqualTo(2);
    assertThat(products.nanos()).isEqualTo(7);
    assertThat(products.flops()).isEqualTo(2 * 16);
    assertThat(products.gigaflopsPerSecond()).isEqualTo(32.0 / 7);
    assertThat(profile.byScope(1).getFirst().scope()).isEqualTo("forward");
    // 52 or 48 bytes at a byte a nanosecond take longer than 16 FLOP
    assertThat(products.boundNanos())
        .isEqualTo(plan.steps().get(0).bytes() + plan.steps().get(2).bytes());
    assertThat(profile.toString()).contains("matmul", "packing/matmul", "58.3%");
  }

  @Test
  void aProfileTellsArithmeticFromEverythingElse() {
    // by the names that the ops have
    var convolution = new Conv2d(Window.UNIT, 1).name();
    var data = new ConvTranspose2d(Window.UNIT, 1, 1, 1).name();
    var weights = new Conv2dWeightGrad(Window.UNIT, 1, 1, 1, DType.F32).name();
    var product = new MatMul(false, false, DType.F32).name();
    var profile =
        new Profile(
            "step",
            100,
            List.of(
                row(convolution, 20),
                row(data, 10),
                row(weights, 20),
                row(product, 10),
                row("concat", 15),
                row("convert", 25)));
    assertThat(profile.shareOutsideProducts()).isEqualTo(0.4);
    assertThat(profile.overConvolutions()).hasValue(2);
    assertThat(profile.toString())
        .contains(
            "outside convolutions and products: 40.0%; 2.00 times the time of the convolutions"
                + " alone");
    assertThat(profile.layers()).contains("slowest layers", "2.00 times");

    var plain = new Profile("update", 5, List.of(row("sgd", 5)));
    assertThat(plain.overConvolutions()).isEmpty();
    assertThat(plain.toString()).contains("products: 100.0%" + System.lineSeparator());
  }

  private static Profile.Row row(String op, long nanos) {
    return new Profile.Row("layer", op, "kernel", 1, nanos, 0, 0, 0);
  }

  @Test
  void aStepThatDidNotRunAgainDidNoWork() {
    var plan = plan(PlanOptions.defaults(), STEP);
    var profile = Profile.of(plan, List.of(new long[] {0, 1, 2, 3}), new MachinePeak(1e9, 1e9, 0));
    var first = profile.rows().getFirst();
    assertThat(List.of(first.flops(), first.bytes())).containsOnly(0L);
    assertThat(first.ofPeak()).isZero();
    assertThat(profile.rows().get(2).flops()).isEqualTo(16);
  }

  @Test
  void aWrongFeedOrNameIsRefused() {
    var states = new States();
    var use = program(USE, states);
    assertThatThrownBy(() -> use.feed("x", Tensor.scalar(1)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("use: feed x is f32[2x2], but the value given is f32[()]");
    assertThatThrownBy(() -> use.feed("z", Tensor.scalar(1)))
        .isInstanceOf(InputException.class)
        .hasMessage("use has no feed z; there are x");
    assertThatThrownBy(() -> use.result("x"))
        .isInstanceOf(InputException.class)
        .hasMessage("use has no result x; there are y");
  }

  @Test
  void picturesAreFedInAnyOrderOfMemory() {
    var program =
        program(
            """
            graph picture {
              feed %0 x : u8[1x2x1x3]
              %1 = reshape(%0) shape=6 : u8[6]
              result rows %1
              result same %0
            }
            """,
            new States());
    Tensor x = Tensor.zeros(DType.U8, 1, 2, 1, 3);
    for (int i = 0; i < 6; i++) {
      x.set(i, i);
    }
    program.feed("x", x);
    program.run();
    assertThat(program.result("rows").toFloats()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(program.result("same").toFloats()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(Tensor.over(x.type(), program.feedMemory("x")).toFloats())
        .as("channels last")
        .containsExactly(0, 3, 1, 4, 2, 5);
  }
}
