package unfold.pass;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import unfold.error.GraphException;
import unfold.graph.Graph;
import unfold.graph.GraphBuilder;
import unfold.op.Movement.Reshape;
import unfold.op.Pointwise.Unary;
import unfold.op.Pointwise.UnaryFunction;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// A pass that breaks a promise is caught and named.
class PassTest {
  private static Graph graph(String result, int extent) {
    var b = new GraphBuilder("g");
    var x = b.feed("x", TensorType.f32(extent));
    b.result(result, b.one(new Unary(UnaryFunction.EXP), "", x));
    return b.build();
  }

  @Test
  void namesThePassThatLosesAResult() {
    var forgetful =
        new Pass(
            "forgetful", g -> new Graph(g.name(), g.inputs(), g.nodes(), List.of(), List.of()));
    assertThatThrownBy(() -> forgetful.apply(graph("y", 3)))
        .isInstanceOf(GraphException.class)
        .hasMessage(
            "pass forgetful changed inputs and results from [FEED x : f32[3], result y : f32[3]] to"
                + " [FEED x : f32[3]]");
  }

  @Test
  void namesThePassThatChangesAType() {
    var narrowing = new Pass("narrowing", _ -> graph("y", 2));
    assertThatThrownBy(() -> narrowing.apply(graph("y", 3)))
        .isInstanceOf(GraphException.class)
        .hasMessage("pass narrowing turned 'FEED x : f32[3]' into 'FEED x : f32[2]'");
  }

  @Test
  void namesThePassThatBreaksTheGraph() {
    var unordered =
        new Pass(
            "unordered", g -> new Graph(g.name(), g.inputs(), List.of(), g.results(), List.of()));
    assertThatThrownBy(() -> unordered.apply(graph("y", 3)))
        .isInstanceOf(GraphException.class)
        .hasMessage(
            "after pass unordered, graph g is broken: result y uses %1 before it is assigned");
  }

  @Test
  void namesThePassThatWritesAnOpOnWrongShapes() {
    var clumsy =
        new Pass(
            "clumsy",
            g -> {
              var b = GraphBuilder.from(g);
              b.one(new Reshape(Shape.of(4)), "fc", g.inputs().getFirst().value());
              return b.build();
            });
    assertThatThrownBy(() -> clumsy.apply(graph("y", 3)))
        .isInstanceOf(GraphException.class)
        .hasMessage("pass clumsy on graph g: fc: reshape: x [3] has 3 elements, but [4] has 4");
  }
}
