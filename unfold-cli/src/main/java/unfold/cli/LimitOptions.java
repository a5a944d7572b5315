package unfold.cli;

import picocli.CommandLine.Option;
import unfold.train.RunConfig;

/// When a run ends before its epochs are over, and how much of its data it takes.
final class LimitOptions {
  @Option(
      names = "--patience",
      paramLabel = "N",
      description = "stops after N epochs without a better score")
  int patience;

  @Option(names = "--max-time", paramLabel = "SECONDS", description = "stops after this time")
  long maxSeconds;

  @Option(
      names = "--limit-batches",
      paramLabel = "N",
      description = "a dry run: N batches an epoch")
  int limitBatches;

  @Option(
      names = "--overfit-batches",
      paramLabel = "N",
      description = "trains and measures on the same N batches: can it learn at all?")
  int overfitBatches;

  RunConfig.Limits limits() {
    return new RunConfig.Limits(patience, maxSeconds, limitBatches, overfitBatches);
  }
}
