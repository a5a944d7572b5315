package unfold.cli;

import java.util.List;
import picocli.CommandLine.Option;
import unfold.experiment.CellKind;

/// The recurrent cells that an experiment compares: which, how large, and from which start.
final class CellOptions {
  @Option(
      names = "--cell",
      split = ",",
      description = "rnn, lstm, gru (default: ${DEFAULT-VALUE})",
      defaultValue = "rnn,lstm,gru")
  List<String> cells = List.of();

  @Option(names = "--hidden", description = "units (default: ${DEFAULT-VALUE})")
  int hidden = 64;

  @Option(names = "--seed", description = "of weights and sequences (default: ${DEFAULT-VALUE})")
  long seed = 1;

  List<CellKind> kinds() {
    return cells.stream().map(CellKind::parse).toList();
  }
}
