package unfold.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import unfold.error.InputException;
import unfold.error.PlanException;
import unfold.error.ShapeException;
import unfold.graph.GraphParser;
import unfold.plan.FakeBackend;
import unfold.plan.PlanOptions;
import unfold.plan.Planner;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

final class StatesTest {
  private static final String COUNT =
      """
      graph count {
        state %0 n : f32[3]
        %1 = affine(%0) scale=1.0 shift=1.0 : f32[3]
        update n %1
      }
      """;

  private static Program program(States states, PlanOptions options) {
    var planner = new Planner(List.of(FakeBackend.plain()), options);
    return new Program(planner.plan(GraphParser.parse(COUNT)), states);
  }

  @Test
  void aSnapshotBringsEverythingBack() {
    var states = new States();
    states.set("n", Tensor.of(Shape.of(3), 1f, 2, 3));
    var program = program(states, PlanOptions.defaults());
    var snapshot = states.snapshot();
    program.run();
    program.run();
    assertThat(states.get("n").toFloats()).containsExactly(3, 4, 5);
    snapshot.restore();
    assertThat(states.get("n").toFloats()).containsExactly(1, 2, 3);
    program.run();
    snapshot.take(states);
    program.run();
    snapshot.restore();
    assertThat(states.get("n").toFloats()).containsExactly(2, 3, 4);
  }

  @Test
  void theFirstProgramFixesTheLayoutAndALaterPlanMustKnowIt() {
    var states = new States();
    states.set("n", Tensor.of(Shape.of(3), 1f, 2, 3));
    assertThat(states.layouts()).isEmpty();
    var packed = FakeBackend.plain().reversed(TensorType.f32(3));
    program(states, PlanOptions.defaults().stateLayouts(Map.of("n", packed)));
    assertThat(states.layouts()).isEqualTo(Map.of("n", packed));
    assertThat(states.get("n").toFloats()).containsExactly(1, 2, 3);
    states.set("n", Tensor.of(Shape.of(3), 4f, 5, 6));
    assertThat(states.get("n").toFloats()).containsExactly(4, 5, 6);

    assertThatThrownBy(() -> program(states, PlanOptions.defaults()))
        .isInstanceOf(PlanException.class)
        .hasMessage(
            "state n lies as reversed, but the plan wants strides[1]; plan with the layouts of the"
                + " states that exist (PlanOptions.stateLayouts)");
    var second = program(states, PlanOptions.defaults().stateLayouts(states.layouts()));
    second.run();
    assertThat(states.get("n").toFloats()).containsExactly(5, 6, 7);
  }

  @Test
  void wrongNamesAndTypesAreRefused() {
    var states = new States();
    states.set("n", Tensor.of(Shape.of(2), 1f, 2));
    assertThatThrownBy(() -> states.get("m"))
        .isInstanceOf(InputException.class)
        .hasMessage("there is no state m; there are n");
    assertThatThrownBy(() -> states.set("n", Tensor.scalar(1)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("state n is f32[2], but the value to set is f32[()]");
    assertThatThrownBy(() -> program(states, PlanOptions.defaults()))
        .isInstanceOf(ShapeException.class)
        .hasMessage("state n is f32[2], but the program needs f32[3]");
  }
}
