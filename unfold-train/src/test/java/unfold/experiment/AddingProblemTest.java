package unfold.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import unfold.config.Knobs;
import unfold.config.Precision;
import unfold.engine.Engine;
import unfold.engine.Settings;

final class AddingProblemTest {
  private static final Engine ENGINE =
      Engine.open(Settings.defaults().precision(Precision.F32).tuning(Knobs.Tuning.OFF));

  @Test
  void isSolvedOverAFewSteps() {
    var problem = new AddingProblem(CellKind.GRU, 6, 16, 32, 1e-2, 1, 1);
    var seen = new ArrayList<AddingProblem.Point>();
    var points = problem.run(ENGINE, 1500, 50, 0.01, seen::add);
    assertThat(points).isEqualTo(seen);
    assertThat(points.getFirst().error()).isGreaterThan(0.01).isLessThan(1);
    assertThat(points.getLast().error()).isLessThanOrEqualTo(0.01);
  }

  @Test
  void isTheSameEveryTime() {
    var problem = new AddingProblem(CellKind.LSTM, 5, 4, 3, 1e-2, 1, 7);
    var once = problem.run(ENGINE, 10, 5, 0, _ -> {});
    assertThat(problem.run(ENGINE, 10, 5, 0, _ -> {})).isEqualTo(once).hasSize(2);
  }

  @Test
  void needsTwoSteps() {
    assertThatThrownBy(() -> new AddingProblem(CellKind.RNN, 1, 4, 3, 1e-2, 1, 7))
        .hasMessage("adding: steps 1 must be at least 2, hidden 4 and batch 3 at least 1");
  }
}
