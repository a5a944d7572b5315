package unfold.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unfold.error.InputException;
import unfold.run.MachinePeak;
import unfold.run.Profile;
import unfold.run.Program;

/// `unfold profile`
@Command(
    name = "profile",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a network and shows where its time goes: per layer time, GFLOP/s, GB/s, share, and the"
          + " part of what this machine can do at most.",
    },
    footer = {"", "Example:", "  ./unfold profile resnet20_cifar --batch 128"})
final class ProfileCommand implements Runnable {
  @Mixin ProgramOptions program = new ProgramOptions();

  @Option(names = "--runs", description = "timed runs (default: ${DEFAULT-VALUE})")
  int runs = 20;

  @Option(names = "--warm", description = "seconds before timing (default: ${DEFAULT-VALUE})")
  double warmSeconds = 3;

  @Option(
      names = "--by",
      description =
          "step, layer or op: what a row of --json stands for; a table has ops and the"
              + " slowest steps, or layers (default: ${DEFAULT-VALUE})")
  By by = By.STEP;

  @Option(names = "--json", description = "one JSON object instead of a table")
  boolean json;

  /// What a row of the table stands for.
  enum By {
    STEP,
    LAYER,
    OP
  }

  @Override
  public void run() {
    if (runs < 1) {
      throw new InputException("--runs must be at least 1, not " + runs);
    }
    var engine = program.engine();
    Program compiled = program.program(engine);
    MachinePeak peak = MachinePeak.measure(engine.backends());
    long start = System.nanoTime();
    do {
      compiled.run();
    } while ((System.nanoTime() - start) / 1e9 < warmSeconds);
    var times = new ArrayList<long[]>();
    for (int i = 0; i < runs; i++) {
      times.add(compiled.runProfiled());
    }
    Profile profile = Profile.of(compiled.plan(), times, peak);
    if (json) {
      print(
          profile,
          peak,
          switch (by) {
            case STEP -> profile.rows();
            case LAYER -> profile.byScope(Integer.MAX_VALUE);
            case OP -> profile.byOp();
          });
    } else {
      System.out.print(by == By.LAYER ? profile.layers() : profile);
    }
  }

  private static void print(Profile profile, MachinePeak peak, List<Profile.Row> rows) {
    var out = new ArrayList<Object>();
    for (Profile.Row row : rows) {
      out.add(
          new Json()
              .with("scope", row.scope())
              .with("op", row.op())
              .with("kernel", row.kernel())
              .with("nanos", row.nanos())
              .with("share", profile.share(row))
              .with("gflops", row.gigaflopsPerSecond())
              .with("gbytes", row.gigabytesPerSecond())
              .with("of_peak", row.ofPeak())
              .fields());
    }
    var json = new Json();
    json.with("program", profile.program())
        .with("nanos", profile.nanos())
        .with("share_outside_products", profile.shareOutsideProducts())
        .with("copy_gbytes", peak.copyBytesPerSecond() / 1e9)
        .with("peak_gflops", peak.f32FlopsPerSecond() / 1e9);
    profile.overConvolutions().ifPresent(factor -> json.with("over_convolutions", factor));
    json.with("rows", out).print();
  }
}
