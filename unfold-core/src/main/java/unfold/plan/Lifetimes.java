package unfold.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// When each value of the arena is written first and read last, and which values share memory
/// because a kernel writes over its input.
///
/// Time counts steps, prologue first. What the prologue leaves to later steps is never freed, since
/// the next run may skip the prologue; feeds live always, so that a run can be repeated.
final class Lifetimes {
  private final List<DraftStep> steps;
  private final int prologue;
  private final Map<Draft, Integer> lastUse = new HashMap<>();
  private final Map<Draft, Block> blocks = new HashMap<>();
  private final List<Block> all = new ArrayList<>();

  private Lifetimes(List<DraftStep> steps, int prologue) {
    this.steps = steps;
    this.prologue = prologue;
  }

  /// @param steps prologue first
  /// @param prologue how many steps it has
  static List<Block> of(List<Draft> feeds, List<DraftStep> steps, int prologue) {
    return new Lifetimes(steps, prologue).run(feeds);
  }

  private List<Block> run(List<Draft> feeds) {
    int end = steps.size();
    for (int i = 0; i < end; i++) {
      for (Draft d : steps.get(i).inputs()) {
        boolean lasting = d.stable && i >= prologue;
        lastUse.merge(d.root(), lasting ? end : i, Math::max);
      }
    }
    for (Draft d : feeds) {
      open(d, -1, end);
    }
    for (int i = 0; i < end; i++) {
      DraftStep step = steps.get(i);
      for (int o = 0; o < step.outputs().size(); o++) {
        var output = step.outputs().get(o);
        if (output.isPresent() && output.get().home() == Draft.Home.ARENA) {
          place(step, i, o, output.get());
        }
      }
    }
    return all;
  }

  private void place(DraftStep step, int time, int output, Draft d) {
    int last = d.kept ? steps.size() : Math.max(time, lastUse.getOrDefault(d, time));
    var shared = overwritten(step, time, output, d);
    if (shared.isPresent()) {
      Block b = shared.get();
      b.last = last;
      b.roots.add(d);
      blocks.put(d, b);
    } else {
      open(d, time, last);
    }
  }

  private void open(Draft d, int first, int last) {
    Block b = new Block(d.bytes(), first, last);
    b.roots.add(d);
    blocks.put(d, b);
    all.add(b);
  }

  /// The memory of an input that ends here, which this output may be written over.
  private Optional<Block> overwritten(DraftStep step, int time, int output, Draft d) {
    for (var pair : step.candidate().inPlace()) {
      if (pair.output() != output) {
        continue;
      }
      Draft operand = step.inputs().get(pair.input());
      Draft input = operand.root();
      Block b = blocks.get(input);
      long readers = step.inputs().stream().filter(x -> x.root() == input).count();
      boolean taken =
          step.outputs().stream().flatMap(Optional::stream).anyMatch(x -> blocks.get(x) == b);
      if (b != null
          && !taken
          && readers == 1
          && b.last == time
          && b.bytes == d.bytes()
          && input.bytes() == d.bytes()
          && operand.bytes() == d.bytes()) {
        return Optional.of(b);
      }
    }
    return Optional.empty();
  }
}
