package unfold.cli;

import java.util.ArrayList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unfold.plan.Plan;
import unfold.plan.Step;

/// `unfold plan`
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = "Shows who computes what, where every value lies, and all memory it will take.",
    footer = {"", "Example:", "  ./unfold plan lenet5 --batch 128"})
final class PlanCommand implements Runnable {
  @Mixin ProgramOptions program = new ProgramOptions();

  @Option(names = "--json", description = "one JSON object instead of a table")
  boolean json;

  @Override
  public void run() {
    var engine = program.engine();
    Plan plan = program.plan(engine);
    if (!json) {
      System.out.print(plan);
      engine.notes().forEach(System.out::println);
      return;
    }
    var steps = new ArrayList<Object>();
    for (Step s : plan.steps()) {
      steps.add(
          new Json()
              .with("layer", s.scope())
              .with("op", s.op())
              .with("kernel", s.backend() + "/" + s.candidate().label())
              .with("flops", s.flops())
              .with("bytes", s.bytes())
              .fields());
    }
    var memory = plan.memory();
    new Json()
        .with("program", plan.name())
        .with("precision", engine.precision().toString())
        .with("total_bytes", memory.totalBytes())
        .with("arena_bytes", memory.arenaBytes())
        .with("state_bytes", memory.stateBytes())
        .with("constant_bytes", memory.constantBytes())
        .with("scratch_bytes", memory.scratchBytes())
        .with("conversions", plan.converting().size())
        .with("flops", plan.flops())
        .with("notes", engine.notes())
        .with("steps", steps)
        .print();
  }
}
