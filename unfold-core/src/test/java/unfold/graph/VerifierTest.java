package unfold.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import unfold.error.GraphException;
import unfold.error.ShapeException;
import unfold.op.Activation;
import unfold.op.Linear.MatMul;
import unfold.op.Pointwise.Activate;
import unfold.op.Pointwise.Affine;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

class VerifierTest {
  private static final TensorType ROW = TensorType.f32(1, 4);
  private static final Value X = new Value(0, ROW);
  private static final Value Y = new Value(1, ROW);
  private static final Value Z = new Value(2, ROW);
  private static final Graph.Input FEED = new Graph.Input(Graph.Role.FEED, "x", X);
  private static final Graph.Input STATE = new Graph.Input(Graph.Role.STATE, "w", Z);

  private static Node relu(Value in, Value out) {
    return new Node(new Activate(Activation.RELU), List.of(in), List.of(out), "fc1");
  }

  private static Graph graph(List<Graph.Input> inputs, Node... nodes) {
    return new Graph("g", inputs, List.of(nodes), List.of(), List.of());
  }

  private static void refuses(Graph graph, String message) {
    assertThatThrownBy(() -> Verifier.verify(graph, "pass test"))
        .isInstanceOf(GraphException.class)
        .hasMessage("after pass test, graph g is broken: " + message);
  }

  @Test
  void acceptsAGraphInOrder() {
    assertThatCode(() -> Verifier.verify(graph(List.of(FEED), relu(X, Y), relu(Y, Z)), "test"))
        .doesNotThrowAnyException();
  }

  @Test
  void valuesAreAssignedBeforeUse() {
    refuses(
        graph(List.of(FEED), relu(Y, Z), relu(X, Y)),
        """
        activate uses %1 before it is assigned
        > %2 = activate(%1) act=relu : f32[1x4] @ fc1
          %1 = activate(%0) act=relu : f32[1x4] @ fc1\
        """);
  }

  @Test
  void valuesAreAssignedOnce() {
    refuses(
        graph(List.of(FEED), relu(X, Y), relu(X, Y)),
        """
        %1 is assigned twice
          %1 = activate(%0) act=relu : f32[1x4] @ fc1
        > %1 = activate(%0) act=relu : f32[1x4] @ fc1\
        """);
    refuses(
        graph(List.of(FEED, new Graph.Input(Graph.Role.STATE, "w", X))), "%0 is assigned twice");
  }

  @Test
  void typesAreWhatTheOpInfers() {
    Value wrong = new Value(1, TensorType.f32(1, 5));
    refuses(
        graph(List.of(FEED), relu(X, wrong)),
        """
        declares [f32[1x5]], but the op infers [f32[1x4]]
        > %1 = activate(%0) act=relu : f32[1x5] @ fc1\
        """);
  }

  @Test
  void anOpThatRefusesItsOperandsIsShownWithItsNeighbours() {
    var matMul = new MatMul(false, false, DType.F32);
    refuses(
        graph(List.of(FEED), relu(X, Y), new Node(matMul, List.of(X, Y), List.of(Z), "fc2")),
        """
        matmul: a [1x4] has 4 columns, but b [1x4] has 1 rows
          %1 = activate(%0) act=relu : f32[1x4] @ fc1
        > %2 = matmul(%0, %1) ta=false tb=false out=f32 : f32[1x4] @ fc2\
        """);
  }

  @Test
  void allUsersSeeAValueWithOneType() {
    Value bf16 = new Value(0, ROW.with(DType.BF16));
    Value out = new Value(1, ROW.with(DType.BF16));
    refuses(
        graph(List.of(FEED), relu(bf16, out)),
        """
        activate sees %0 as bf16[1x4], it is f32[1x4]
        > %1 = activate(%0) act=relu : bf16[1x4] @ fc1\
        """);
  }

  @Test
  void showsThreeNodesBeforeAndTwoAfter() {
    var nodes = new Node[8];
    for (int i = 0; i < nodes.length; i++) {
      Value in = new Value(i == 5 ? 77 : i, ROW);
      nodes[i] = new Node(new Affine(i, 0), List.of(in), List.of(new Value(i + 1, ROW)), "");
    }
    assertThatThrownBy(() -> Verifier.verify(graph(List.of(FEED), nodes), "pass test"))
        .satisfies(e ->
            assertThat(e.getMessage().lines().skip(1).map(l -> l.substring(0, 4)))
                .containsExactly("  %3", "  %4", "  %5", "> %6", "  %7", "  %8"));
  }

  @Test
  void namesAreUnique() {
    refuses(
        graph(List.of(FEED, new Graph.Input(Graph.Role.STATE, "x", Y))), "two inputs are named x");
    var twice = List.of(new Graph.Result("y", X), new Graph.Result("y", X));
    refuses(new Graph("g", List.of(FEED), List.of(), twice, List.of()), "two results are named y");
  }

  @Test
  void resultsAndUpdatesAreValuesOfTheGraph() {
    var missing = List.of(new Graph.Result("y", Y));
    refuses(
        new Graph("g", List.of(FEED), List.of(), missing, List.of()),
        "result y uses %1 before it is assigned");
    var update = List.of(new Graph.Update("w", Y));
    refuses(
        new Graph("g", List.of(FEED, STATE), List.of(), List.of(), update),
        "update w uses %1 before it is assigned");
  }

  @Test
  void updatesFitTheirState() {
    refuses(
        new Graph("g", List.of(FEED), List.of(), List.of(), List.of(new Graph.Update("w", X))),
        "there is no state w to update");
    refuses(
        new Graph("g", List.of(FEED), List.of(), List.of(), List.of(new Graph.Update("x", X))),
        "there is no state x to update");
    Value narrow = new Value(3, TensorType.f32(4));
    var inputs = List.of(FEED, STATE, new Graph.Input(Graph.Role.FEED, "n", narrow));
    refuses(
        new Graph("g", inputs, List.of(), List.of(), List.of(new Graph.Update("w", narrow))),
        "state w is f32[1x4], its update f32[4]");
    var twice = List.of(new Graph.Update("w", X), new Graph.Update("w", X));
    refuses(
        new Graph("g", List.of(FEED, STATE), List.of(), List.of(), twice),
        "state w is updated twice");
  }

  @Test
  void aBuilderNamesTheScopeOfAShapeError() {
    var b = new GraphBuilder("g");
    Value x = b.feed("x", ROW);
    assertThatThrownBy(() -> b.one(new MatMul(false, false, DType.F32), "features.fc1", x, x))
        .isInstanceOf(ShapeException.class)
        .hasMessage("features.fc1: matmul: a [1x4] has 4 columns, but b [1x4] has 1 rows");
  }

  @Test
  void aBuilderThatContinuesAGraphKeepsItsValues() {
    var b = new GraphBuilder("g");
    Value y = b.one(new Affine(2, 1), "", b.feed("x", ROW));
    b.result("y", y);
    Graph first = b.build();
    var more = GraphBuilder.from(first);
    more.result("z", more.one(new Affine(3, 0), "", y));
    Graph second = more.build();
    assertThat(second.nodes().getFirst()).isEqualTo(first.nodes().getFirst());
    assertThat(second.results()).extracting(Graph.Result::name).containsExactly("y", "z");
    assertThat(first.results()).hasSize(1);
  }
}
