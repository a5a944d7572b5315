package unfold.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import unfold.error.GraphException;
import unfold.graph.Graph;
import unfold.graph.GraphParser;

/// What gradient graphs look like. That their numbers are right is the gradient check's business.
class AutodiffTest {
  private static final Graph LENET =
      GraphParser.parse(
          """
          graph lenet {
            feed %0 picture : u8[8x1x12x12]
            feed %1 labels : i32[8]
            state %2 conv1.weight : f32[6x1x5x5]
            state %3 conv1.bias : f32[6]
            state %4 fc.weight : f32[10x96]
            state %5 fc.bias : f32[10]
            %6 = normalize_picture(%0) mean=0.5 deviation=0.25 out=f32 : f32[8x1x12x12]
            %7 = conv2d(%6, %2, %3) stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 act=tanh : f32[8x6x8x8] @ conv1
            %8, %9 = max_pool2d(%7) kernel=2,2 stride=2,2 pad=0,0,0,0 dilation=1,1 : f32[8x6x4x4], u8[8x6x4x4] @ pool1
            %10 = reshape(%8) shape=8x96 : f32[8x96]
            %11 = matmul(%10, %4, %5) ta=false tb=true out=f32 : f32[8x10] @ fc
            %12 = softmax_cross_entropy(%11, %1) smoothing=0.0 ignore=-100 : f32[()] @ loss
            result loss %12
          }
          """);

  @Test
  void gradientOfLeNetIsTheOneAPersonWouldWrite() {
    Graph step =
        Autodiff.differentiate(
            LENET, "loss", List.of("conv1.weight", "conv1.bias", "fc.weight", "fc.bias"));
    assertThat(added(LENET, step))
        .isEqualTo(
            """
            %13 = fill() type=f32[()] value=1.0 : f32[()]
            %14 = softmax_cross_entropy_grad(%13, %11, %1) smoothing=0.0 ignore=-100 : f32[8x10] @ loss
            %15 = reduce(%14) fold=sum axes=0 keep=false out=f32 : f32[10] @ fc
            %16 = matmul(%14, %10) ta=true tb=false out=f32 : f32[10x96] @ fc
            %17 = matmul(%14, %4) ta=false tb=false out=f32 : f32[8x96] @ fc
            %18 = reshape(%17) shape=8x6x4x4 : f32[8x6x4x4]
            %19 = max_pool2d_grad(%18, %9) kernel=2,2 stride=2,2 pad=0,0,0,0 dilation=1,1 size=8,8 : f32[8x6x8x8] @ pool1
            %20 = activate_grad(%19, %7) act=tanh : f32[8x6x8x8] @ conv1
            %21 = reduce(%20) fold=sum axes=0,2,3 keep=false out=f32 : f32[6] @ conv1
            %22 = conv2d_weight_grad(%6, %20) stride=1,1 pad=0,0,0,0 dilation=1,1 groups=1 kernel=5,5 out=f32 : f32[6x1x5x5] @ conv1
            result d:conv1.weight %22
            result d:conv1.bias %21
            result d:fc.weight %16
            result d:fc.bias %15
            """);
    assertThat(GraphParser.parse(step.toString())).isEqualTo(step);
  }

  @Test
  void whatIsNotDifferentiatedInCostsNothing() {
    Graph step = Autodiff.differentiate(LENET, "loss", List.of("fc.bias"));
    assertThat(added(LENET, step))
        .isEqualTo(
            """
            %13 = fill() type=f32[()] value=1.0 : f32[()]
            %14 = softmax_cross_entropy_grad(%13, %11, %1) smoothing=0.0 ignore=-100 : f32[8x10] @ loss
            %15 = reduce(%14) fold=sum axes=0 keep=false out=f32 : f32[10] @ fc
            result d:fc.bias %15
            """);
  }

  @Test
  void meanOfSquaresFoldsToOneScaling() {
    Graph forward =
        GraphParser.parse(
            """
            graph penalty {
              state %0 w : f64[4x3]
              state %1 unused : f64[2]
              %2 = unary(%0) f=square : f64[4x3]
              %3 = reduce(%2) fold=mean axes=0,1 keep=false out=f64 : f64[()]
              result loss %3
            }
            """);
    assertThat(added(forward, Autodiff.differentiate(forward, "loss", List.of("w", "unused"))))
        .isEqualTo(
            """
            %9 = affine(%0) scale=0.16666666666666666 shift=0.0 : f64[4x3]
            %10 = fill() type=f64[2] value=0.0 : f64[2] @ unused
            result d:w %9
            result d:unused %10
            """);
  }

  @Test
  void severalContributionsAreAddedUp() {
    Graph forward =
        GraphParser.parse(
            """
            graph shared {
              feed %0 a : f32[2]
              %1 = unary(%0) f=exp : f32[2]
              %2 = binary(%1, %0) f=multiply : f32[2]
              %3 = binary(%2, %0) f=add : f32[2]
              %4 = reduce(%3) fold=sum axes=0 keep=false out=f32 : f32[()]
              result loss %4
            }
            """);
    assertThat(added(forward, Autodiff.differentiate(forward, "loss", List.of("a"))))
        .isEqualTo(
            """
            %8 = affine(%1) scale=1.0 shift=1.0 : f32[2]
            %9 = binary(%0, %1) f=multiply : f32[2]
            %10 = binary(%8, %9) f=add : f32[2]
            result d:a %10
            """);
  }

  @Test
  void refusesALossThatIsNoScalar() {
    assertThatThrownBy(() -> differentiate("result loss %1", "loss", "x"))
        .isInstanceOf(GraphException.class)
        .hasMessage(
            "result 'loss' is f32[3], but only a real scalar such as f32[()] can be"
                + " differentiated; reduce it first");
  }

  @Test
  void refusesUnknownNames() {
    assertThatThrownBy(() -> differentiate("result loss %3", "cost", "x"))
        .isInstanceOf(GraphException.class)
        .hasMessage("graph g has no result 'cost' to differentiate; it has [loss]");
    assertThatThrownBy(() -> differentiate("result loss %3", "loss", "z"))
        .isInstanceOf(GraphException.class)
        .hasMessage("graph g has no input 'z' to differentiate in; it has x, index");
  }

  @Test
  void refusesIntegers() {
    assertThatThrownBy(() -> differentiate("result loss %3", "loss", "index"))
        .isInstanceOf(GraphException.class)
        .hasMessage("'index' is i32[3]; only real values have gradients");
  }

  @Test
  void refusesALossThatDependsOnStatistics() {
    Graph graph =
        GraphParser.parse(
            """
            graph g {
              feed %0 x : f32[4x3]
              state %1 scale : f32[3]
              state %2 shift : f32[3]
              state %3 mean : f32[3]
              state %4 var : f32[3]
              %5, %6, %7, %8, %9 = batch_norm_train(%0, %1, %2, %3, %4) eps=0.1 momentum=0.1 : f32[4x3], f32[3], f32[3], f32[3], f32[3] @ norm
              %10 = reduce(%6) fold=sum axes=0 keep=false out=f32 : f32[()]
              result loss %10
            }
            """);
    assertThatThrownBy(() -> Autodiff.differentiate(graph, "loss", List.of("x")))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining(
            "the loss depends on result 1 (%6) of batch_norm_train, which carries no gradient; only"
                + " its main result does");
  }

  @Test
  void refusesASecondDerivativeThatNobodyWrote() {
    Graph graph =
        GraphParser.parse(
            """
            graph g {
              feed %0 dy : f32[1x1x2x2]
              feed %1 place : i32[1x1x2x2]
              %2 = adaptive_max_pool2d_grad(%0, %1) size=4,4 : f32[1x1x4x4] @ pool
              %3 = reduce(%2) fold=sum axes=0,1,2,3 keep=false out=f32 : f32[()]
              result loss %3
            }
            """);
    assertThatThrownBy(() -> Autodiff.differentiate(graph, "loss", List.of("dy")))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining(
            "adaptive_max_pool2d_grad has no second derivative here\n  %2 = adaptive");
  }

  @Test
  void refusesToGoThroughAnUpdate() {
    Graph graph =
        GraphParser.parse(
            """
            graph g {
              feed %0 rate : f32[()]
              feed %1 scale : f32[()]
              state %2 p : f32[3]
              %3 = sgd(%0, %1, %2, %2) momentum=0.0 dampening=0.0 nesterov=false decay=0.0 : f32[3] @ update
              %4 = reduce(%3) fold=sum axes=0 keep=false out=f32 : f32[()]
              result loss %4
            }
            """);
    assertThatThrownBy(() -> Autodiff.differentiate(graph, "loss", List.of("p")))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("sgd is an update, which has no derivative here\n  %3 = sgd(");
  }

  private static Graph differentiate(String results, String loss, String wrt) {
    Graph graph =
        GraphParser.parse(
            """
            graph g {
              feed %0 x : f32[3]
              feed %2 index : i32[3]
              %1 = unary(%0) f=exp : f32[3]
              %3 = reduce(%1) fold=sum axes=0 keep=false out=f32 : f32[()]
            """
                + results
                + "\n}");
    return Autodiff.differentiate(graph, loss, List.of(wrt));
  }

  /// The lines that differentiation added.
  private static String added(Graph forward, Graph step) {
    var before = forward.toString().lines().toList();
    return step.toString()
        .lines()
        .filter(line -> !before.contains(line))
        .map(line -> line.strip() + "\n")
        .collect(Collectors.joining());
  }
}
