package unfold.engine;

import java.util.stream.Collectors;
import unfold.backend.Backend;
import unfold.config.Knobs;
import unfold.config.Machine;
import unfold.plan.Chooser;
import unfold.plan.TimingChooser;
import unfold.plan.TimingChooser.Effort;

/// How kernels are chosen: by rule, or by timing them. Choices of an earlier run come first.
final class Choosers {
  private Choosers() {}

  static Chooser of(Settings settings, Backends backends) {
    return switch (settings.tuning()) {
      case OFF ->
          TimingChooser.of(Effort.NONE, backends.workers()).startingFrom(settings.choices());
      case QUICK -> timing(Effort.QUICK, settings, backends);
      case FULL -> timing(Effort.FULL, settings, backends);
    };
  }

  private static Chooser timing(Effort effort, Settings settings, Backends backends) {
    String machine =
        Machine.here()
            + ", "
            + settings.threads()
            + " threads, "
            + backends.all().stream().map(Backend::name).collect(Collectors.joining(" "));
    return TimingChooser.of(effort, backends.workers(), Knobs.CACHE_DIR.value(), machine)
        .startingFrom(settings.choices());
  }
}
