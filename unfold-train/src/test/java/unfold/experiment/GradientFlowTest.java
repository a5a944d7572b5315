package unfold.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import unfold.config.Knobs;
import unfold.config.Precision;
import unfold.engine.Engine;
import unfold.engine.Settings;
import unfold.error.InputException;

final class GradientFlowTest {
  private static final Engine ENGINE =
      Engine.open(Settings.defaults().precision(Precision.F32).tuning(Knobs.Tuning.OFF));

  @ParameterizedTest
  @ValueSource(doubles = {0.8, 1, 1.25})
  void aTanhCellAtRestMultipliesByItsScaleAtEachStep(double scale) {
    var m = new GradientFlow(CellKind.RNN, 12, 10, 2, scale, 0, 3).measure(ENGINE);
    assertThat(m.growth()).isCloseTo(Math.pow(scale, 11), Percentage.withPercentage(0.01));
    assertThat(m.singularValues())
        .allSatisfy(s -> assertThat(s).isCloseTo(scale, Offset.offset(1e-4)));
    assertThat(m.hiddenNorms()).isEqualTo(m.norms());
  }

  @ParameterizedTest
  @EnumSource
  void noStepStretchesAGradientByMoreThanItsSingularValue(CellKind kind) {
    var m = new GradientFlow(kind, 10, 6, 1, 1.5, 1, 5).measure(ENGINE);
    for (int t = 1; t < 10; t++) {
      assertThat(m.norms().get(t - 1))
          .as("step %d of %s", t, kind)
          .isPositive()
          .isLessThanOrEqualTo(m.singularValues().get(t) * m.norms().get(t) * 1.0001);
    }
    assertThat(m.parameterNorm()).isPositive();
    assertThat(m.clipFactor(m.parameterNorm() / 4)).isCloseTo(0.25, Offset.offset(1e-9));
    assertThat(m.clipFactor(m.parameterNorm() * 2)).isEqualTo(1);
  }

  @Test
  void findsTheLargestSingularValue() {
    double[][] a = {{3, 0, 0}, {0, 0, -4}, {0, 1, 0}};
    assertThat(SingularValue.largest(a)).isCloseTo(4, Offset.offset(1e-6));
    assertThat(SingularValue.largest(new double[2][2])).isZero();
  }

  @Test
  void drawsTheCellsSideBySide(@TempDir Path folder) throws IOException {
    var all =
        List.of(
            new GradientFlow(CellKind.RNN, 3, 2, 1, 1, 1, 1).measure(ENGINE),
            new GradientFlow(CellKind.GRU, 3, 2, 1, 1, 1, 1).measure(ENGINE));
    Path file = folder.resolve("flow.png");
    GradientFlowPlot.of(all).write(file);
    var drawn = ImageIO.read(file.toFile());
    assertThat(drawn.getWidth()).isEqualTo(2 * 900);
    assertThat(drawn.getHeight()).isEqualTo(2 * 540);
  }

  @Test
  void refusesSettingsThatMeanNothing() {
    assertThatThrownBy(() -> new GradientFlow(CellKind.RNN, 1, 2, 1, 1, 1, 1))
        .isInstanceOf(InputException.class)
        .hasMessage("gradients: steps 1 must be at least 2, hidden 2 and rows 1 at least 1");
    assertThatThrownBy(() -> CellKind.parse("mgu"))
        .hasMessage("there is no cell 'mgu'; there are rnn, lstm, gru");
  }
}
