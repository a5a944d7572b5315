package unfold.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import unfold.backend.Backend;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Layout;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// One candidate of a backend, run on drawn operands and held against the reference. Besides the
/// numbers: operands stay as they are, nothing beside the outputs is written, padding of packed
/// outputs is zero, holes of strided ones stay, and a second run gives the same bits.
final class Trial {
  /// What a trial found.
  ///
  /// @param worst largest error as a share of what is allowed
  record Finding(String candidate, double worst, List<String> complaints) {}

  private final Conversions conversions;
  private final Sample sample;
  private final Call call;
  private final List<Tensor> operands;
  private final List<Tensor> expected;

  Trial(Backend backend, Sample sample, Call call, List<Tensor> operands, List<Tensor> expected) {
    this.conversions = new Conversions(backend);
    this.sample = sample;
    this.call = call;
    this.operands = operands;
    this.expected = expected;
  }

  /// Every output in memory of its own.
  Finding run(Candidate candidate) {
    return run(candidate, Map.of(), 0, candidate.label());
  }

  /// All values are views that begin inside larger ones, so that no address is aligned to more than
  /// an element.
  Finding runOnViews(Candidate candidate) {
    return run(candidate, Map.of(), 1, candidate.label() + " on unaligned views");
  }

  /// Outputs over inputs: each pair that the candidate names alone, then as many as go together.
  List<Finding> runInPlace(Candidate candidate) {
    var findings = new ArrayList<Finding>();
    var together = new HashMap<Integer, Integer>();
    for (var pair : candidate.inPlace()) {
      if (!call.wanted().get(pair.output())) {
        continue;
      }
      if (candidate.inPlace().size() <= 8) {
        findings.add(runInPlace(candidate, Map.of(pair.output(), pair.input())));
      }
      if (!together.containsValue(pair.input())) {
        together.putIfAbsent(pair.output(), pair.input());
      }
    }
    if (together.size() > 1) {
      findings.add(runInPlace(candidate, together));
    }
    return findings;
  }

  private Finding runInPlace(Candidate candidate, Map<Integer, Integer> inputOfOutput) {
    return run(candidate, inputOfOutput, 0, candidate.label() + " in place " + inputOfOutput);
  }

  /// @param inputOfOutput which outputs lie over which inputs
  /// @param shift elements that values lie behind an aligned place
  private Finding run(
      Candidate candidate, Map<Integer, Integer> inputOfOutput, int shift, String label) {
    var complaints = new ArrayList<String>();
    double worst = 0;
    try (Arena arena = Arena.ofShared()) {
      var inputs = new ArrayList<GuardedMemory>();
      for (int i = 0; i < operands.size(); i++) {
        Layout layout = candidate.inputs().get(i);
        TensorType type = operands.get(i).type();
        var memory =
            new GuardedMemory(arena, layout.bytes(type), (long) shift * type.dtype().bytes());
        conversions.store(operands.get(i), layout, memory.inner());
        inputs.add(memory);
      }
      var outputs = new HashMap<Integer, GuardedMemory>();
      for (int o = 0; o < expected.size(); o++) {
        if (call.wanted().get(o)) {
          Integer over = inputOfOutput.get(o);
          Layout layout = candidate.outputs().get(o);
          TensorType type = expected.get(o).type();
          outputs.put(
              o,
              over != null
                  ? inputs.get(over)
                  : new GuardedMemory(
                      arena, layout.bytes(type), (long) shift * type.dtype().bytes()));
        }
      }
      var scratch = new GuardedMemory(arena, candidate.scratchBytes());
      var before = inputs.stream().map(GuardedMemory::bytes).toList();

      var kernel =
          candidate.bind(
              inputs.stream().map(GuardedMemory::inner).toList(),
              outputSegments(outputs),
              scratch.inner());
      kernel.run();

      for (int i = 0; i < inputs.size(); i++) {
        if (!inputs.get(i).intact()) {
          complaints.add("wrote beside operand " + i);
        }
        boolean mayChange = inputOfOutput.containsValue(i);
        if (!mayChange && !Arrays.equals(before.get(i), inputs.get(i).bytes())) {
          complaints.add("changed operand " + i);
        }
      }
      if (!scratch.intact()) {
        complaints.add("wrote beside its " + candidate.scratchBytes() + " bytes of scratch");
      }
      var first = new HashMap<Integer, byte[]>();
      for (var entry : outputs.entrySet()) {
        int o = entry.getKey();
        first.put(o, entry.getValue().bytes());
        worst = Math.max(worst, check(candidate, o, entry.getValue(), complaints));
      }
      if (inputOfOutput.isEmpty()) {
        kernel.run();
        outputs.forEach((o, memory) -> {
          if (!Arrays.equals(first.get(o), memory.bytes())) {
            complaints.add("result " + o + " has other bits after a second run");
          }
        });
      }
    }
    return new Finding(label, worst, complaints);
  }

  private List<MemorySegment> outputSegments(Map<Integer, GuardedMemory> outputs) {
    var segments = new ArrayList<MemorySegment>();
    for (int o = 0; o < expected.size(); o++) {
      GuardedMemory memory = outputs.get(o);
      segments.add(memory == null ? MemorySegment.NULL : memory.inner());
    }
    return segments;
  }

  /// The element type that the sample is run in.
  private static DType real(List<Tensor> operands) {
    return operands.stream().map(t -> t.type().dtype()).anyMatch(DType.BF16::equals)
        ? DType.BF16
        : DType.F32;
  }

  private double check(Candidate candidate, int o, GuardedMemory memory, List<String> complaints) {
    Tensor want = expected.get(o);
    DType real = real(operands);
    Layout layout = candidate.outputs().get(o);
    if (!memory.intact()) {
      complaints.add("wrote beside result " + o);
    }
    Tensor got = conversions.load(want.type(), layout, memory.inner());
    var comparison = Comparison.of("result " + o, got, want, sample.tolerance(real, want.dtype()));
    comparison.complaint().ifPresent(complaints::add);
    try (Arena arena = Arena.ofConfined()) {
      var again = new GuardedMemory(arena, layout.bytes(want.type()));
      conversions.store(got, layout, again.inner());
      if (!Arrays.equals(again.bytes(), memory.bytes())) {
        complaints.add(
            switch (layout) {
              case Layout.Strided _ -> "result " + o + ": wrote into the holes of " + layout;
              case Layout.Packed _ -> "result " + o + ": the padding of " + layout + " is not zero";
            });
      }
    }
    return comparison.worst();
  }
}
