package unfold.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import unfold.error.InputException;
import unfold.layer.Golden;
import unfold.optimizer.Schedule.Cosine;
import unfold.optimizer.Schedule.OneCycle;
import unfold.optimizer.Schedule.Step;
import unfold.optimizer.Schedule.WarmUp;

final class ScheduleTest {
  /// Lines of schedules.txt, which schedules.py beside it made.
  static List<String> golden() throws IOException {
    return Golden.lines(ScheduleTest.class, "schedules.txt");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multistep(82,123,gamma=0.1) | multistep(8,12,gamma=0.1)",
        "step(41,0.1,warmup=205) | step(4,0.1,warmup=20)",
        "plateau(0.1,patience=3) | plateau(0.1,patience=1)",
        "plateau(0.1,patience=0) | plateau(0.1,patience=0)",
        "onecycle | onecycle",
        "cosine(floor=0.01) | cosine(floor=0.01)",
      })
  void movesInProportionToFewerEpochs(String longAndShort) {
    String[] two = longAndShort.split(" \\| ");
    assertThat(Schedule.parse(two[0]).stretched(164, 16).text()).isEqualTo(two[1]);
  }

  @ParameterizedTest
  @MethodSource("golden")
  void agreesWithTorchAtEveryStep(String line) {
    String[] column = line.split("; ");
    var schedule = Schedule.parse(column[0]);
    int perEpoch = Integer.parseInt(column[1]);
    int epochs = Integer.parseInt(column[2]);
    List<Double> history = column[3].equals("-") ? List.of() : numbers(column[3], ",");
    List<Double> factors = numbers(column[4], " ");
    for (int step = 0; step < factors.size(); step++) {
      var known = history.subList(0, Math.min(history.size(), step / perEpoch));
      var at = new Progress(step, perEpoch, epochs).history(known);
      assertThat(schedule.factor(at)).as("step " + step).isEqualTo(factors.get(step), within(1e-9));
    }
  }

  private static List<Double> numbers(String text, String separator) {
    return Arrays.stream(text.split(separator)).map(Double::valueOf).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "constant",
        "constant(warmup=10)",
        "step(30,0.1)",
        "multistep(100,150,gamma=0.1)",
        "multistep(100,gamma=0.2,warmup=400)",
        "exponential(0.95)",
        "plateau(0.1,patience=10)",
        "cosine",
        "cosine(warmup=500)",
        "cosine(floor=0.01,warmup=500)",
        "onecycle",
        "onecycle(up=0.25,end=100)"
      })
  void printsWhatItReads(String text) {
    assertThat(Schedule.parse(text).text()).isEqualTo(text);
  }

  @Test
  void fillsInDefaults() {
    assertThat(Schedule.parse("step")).isEqualTo(new Step(30, 0.1));
    assertThat(Schedule.parse(" cosine(warmup=5) ")).isEqualTo(new WarmUp(5, new Cosine()));
    assertThat(Schedule.parse("onecycle(start=10)")).isEqualTo(new OneCycle(0.3, 10, 1e4));
  }

  @Test
  void saysWhichFormsThereAre() {
    String forms =
        "; forms: constant, step(30,0.1), multistep(100,150,gamma=0.1), exponential(0.95,hold=1),"
            + " plateau(0.1,patience=10), cosine, onecycle, or any of them with warmup=STEPS";
    assertThatThrownBy(() -> Schedule.parse("cosin"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "schedule 'cosin': there is no schedule 'cosin' (did you mean cosine?)" + forms);
    assertThatThrownBy(() -> Schedule.parse("cosine(warm=3)"))
        .hasMessage("schedule 'cosine(warm=3)': what is warm?" + forms);
    assertThatThrownBy(() -> Schedule.parse("step(30,a)"))
        .hasMessage("schedule 'step(30,a)': 'a' is no number" + forms);
    assertThatThrownBy(() -> Schedule.parse("step(30"))
        .hasMessage("schedule 'step(30': the closing parenthesis is missing" + forms);
    assertThatThrownBy(() -> Schedule.parse("step(0,0.1)"))
        .hasMessage("step(0): every must be at least one epoch");
  }

  @Test
  void samplesTheWholeRun() {
    var drawn = new Cosine().sample(10, 10, 5);
    assertThat(drawn).hasSize(5).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    assertThat(drawn.getFirst()).isEqualTo(1);
    assertThat(drawn.getLast()).isLessThan(1e-3);
  }
}
