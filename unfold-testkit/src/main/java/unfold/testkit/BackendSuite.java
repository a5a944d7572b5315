package unfold.testkit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import unfold.backend.Backend;
import unfold.backend.Call;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.backend.reference.Reference;
import unfold.tensor.DType;

/// What every backend must pass: each sample that it accepts, by each candidate it offers, in f32
/// and bf16, against the reference.
///
/// ```java
/// @TestFactory
/// Stream<DynamicNode> agreesWithTheReference() {
///   return BackendSuite.tests(backend);
/// }
/// ```
public final class BackendSuite {
  /// The seed all operands are drawn from.
  public static final long SEED = 20_26;

  private BackendSuite() {}

  /// One container of tests for each op that the backend takes, and one test of its refusals, which
  /// prints them.
  public static Stream<DynamicNode> tests(Backend backend) {
    var accepted = new LinkedHashMap<String, List<DynamicNode>>();
    var declined = new ArrayList<Refusal>();
    for (Sample sample : Samples.all()) {
      for (DType real : List.of(DType.F32, DType.BF16)) {
        if (!sample.types().contains(real)) {
          continue;
        }
        switch (backend.offer(Call.of(sample.op(real), sample.inputs(real)))) {
          case Offer.Accepted _ ->
              accepted
                  .computeIfAbsent(sample.op(real).name(), _ -> new ArrayList<>())
                  .add(
                      DynamicTest.dynamicTest(
                          sample.name() + " " + real, () -> check(backend, sample, real)));
          case Offer.Declined(String reason) ->
              declined.add(new Refusal(sample.op(real).name(), sample.name(), real, reason));
        }
      }
    }
    var nodes = new ArrayList<DynamicNode>();
    accepted.forEach((op, tests) -> nodes.add(DynamicContainer.dynamicContainer(op, tests)));
    nodes.addAll(ConversionSuite.tests(backend));
    nodes.add(DynamicTest.dynamicTest("says why it declines", () -> report(backend, declined)));
    return nodes.stream();
  }

  private record Refusal(String op, String sample, DType real, String reason) {}

  private static void check(Backend backend, Sample sample, DType real) {
    var complaints = new ArrayList<String>();
    for (var finding : run(backend, sample, real, SEED)) {
      for (String complaint : finding.complaints()) {
        complaints.add(finding.candidate() + ": " + complaint);
      }
    }
    Assertions.assertThat(complaints)
        .as("%s on '%s' in %s, seed %d", backend.name(), sample.name(), real, SEED)
        .isEmpty();
  }

  /// Runs every candidate for every way to call a sample; empty if the backend declines them all.
  static List<Trial.Finding> run(Backend backend, Sample sample, DType real, long seed) {
    var findings = new ArrayList<Trial.Finding>();
    var operands = sample.draw(real, seed);
    var expected = Reference.evaluate(sample.op(real), operands);
    for (var entry : calls(sample, real).entrySet()) {
      Call call = entry.getValue();
      if (backend.offer(call) instanceof Offer.Accepted(var candidates)) {
        var trial = new Trial(backend, sample, call, operands, expected);
        for (var candidate : candidates) {
          var found = new ArrayList<Trial.Finding>();
          found.add(trial.run(candidate));
          if (entry.getKey().isEmpty()) {
            found.add(trial.runOnViews(candidate));
            found.addAll(trial.runInPlace(candidate));
          }
          for (var f : found) {
            findings.add(
                new Trial.Finding(f.candidate() + entry.getKey(), f.worst(), f.complaints()));
          }
        }
      }
    }
    return findings;
  }

  /// The ways to ask for a sample, by what is unusual about them: all as usual; inputs that lie
  /// row-major where channels-last is the rule; one of several outputs wanted alone.
  private static Map<String, Call> calls(Sample sample, DType real) {
    var calls = new LinkedHashMap<String, Call>();
    Call usual = Call.of(sample.op(real), sample.inputs(real));
    calls.put("", usual);
    List<Layout> rowMajor =
        usual.inputs().stream().map(t -> (Layout) Layout.rowMajor(t.shape())).toList();
    if (!rowMajor.equals(usual.layouts())) {
      calls.put(
          ", operands row-major",
          new Call(usual.op(), usual.inputs(), usual.outputs(), rowMajor, usual.wanted()));
    }
    int outputs = usual.outputs().size();
    for (int only = 0; only < outputs && outputs > 1 && outputs <= 5; only++) {
      int wanted = only;
      var flags = Stream.iterate(0, o -> o + 1).limit(outputs).map(o -> o == wanted).toList();
      calls.put(
          ", only result " + only,
          new Call(usual.op(), usual.inputs(), usual.outputs(), usual.layouts(), flags));
    }
    return calls;
  }

  private static void report(Backend backend, List<Refusal> declined) {
    var byOp = new TreeMap<String, List<Refusal>>();
    for (Refusal r : declined) {
      byOp.computeIfAbsent(r.op(), _ -> new ArrayList<>()).add(r);
    }
    System.out.println(backend.name() + " declines " + declined.size() + " calls of the samples");
    byOp.forEach((op, refusals) -> {
      System.out.println("  " + refusals.size() + " of " + op);
      refusals.stream()
          .filter(distinct(Refusal::reason))
          .limit(3)
          .forEach(
              r -> System.out.println("    " + r.sample() + " " + r.real() + ": " + r.reason()));
    });
    Assertions.assertThat(declined).allSatisfy(r -> Assertions.assertThat(r.reason()).isNotBlank());
  }

  private static <T> Predicate<T> distinct(Function<T, String> key) {
    var seen = new HashSet<String>();
    return x -> seen.add(key.apply(x));
  }
}
