package unfold.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.backend.Backend;
import unfold.backend.Call;
import unfold.backend.Offer;
import unfold.tensor.DType;

/// One sample on several backends and its gradient: what `unfold check` shows.
///
/// @param gradient empty if the sample has none
public record SampleCheck(Sample sample, List<Row> rows, Optional<GradientCheck> gradient) {

  /// One candidate of one backend in one element type.
  ///
  /// @param worst largest error as a share of what the tolerance allows
  /// @param complaints empty if all is well
  public record Row(
      String backend, DType real, String candidate, double worst, List<String> complaints) {}

  public SampleCheck {
    rows = List.copyOf(rows);
  }

  /// @throws unfold.error.InputException with the nearest name if there is no such sample
  public static SampleCheck run(String name, List<Backend> backends) {
    Sample sample = Samples.read(name);
    var rows = new ArrayList<Row>();
    for (DType real : DType.values()) {
      if (!sample.types().contains(real)) {
        continue;
      }
      for (Backend backend : backends) {
        switch (backend.offer(Call.of(sample.op(real), sample.inputs(real)))) {
          case Offer.Declined(String reason) ->
              rows.add(new Row(backend.name(), real, "declined: " + reason, 0, List.of()));
          case Offer.Accepted _ -> {
            for (var f : BackendSuite.run(backend, sample, real, BackendSuite.SEED)) {
              rows.add(new Row(backend.name(), real, f.candidate(), f.worst(), f.complaints()));
            }
          }
        }
      }
    }
    Optional<GradientCheck> gradient =
        GradientCheck.applies(sample)
            ? Optional.of(GradientCheck.of(sample, BackendSuite.SEED))
            : Optional.empty();
    return new SampleCheck(sample, rows, gradient);
  }

  public boolean passes() {
    return rows.stream().allMatch(r -> r.complaints().isEmpty())
        && gradient.stream().allMatch(GradientCheck::passes);
  }

  /// A table for people; the last line says whether all is well.
  @Override
  public String toString() {
    var text = new StringBuilder(sample.name()).append('\n');
    for (Row r : rows) {
      boolean declined = r.candidate().startsWith("declined: ");
      text.append(
          "  %-10s %-5s %6s  %s%n"
              .formatted(
                  r.backend(),
                  r.real(),
                  declined ? "-" : "%.3f".formatted(r.worst()),
                  r.candidate()));
      r.complaints().forEach(c -> text.append("    ! ").append(c).append('\n'));
    }
    gradient.ifPresent(g -> text.append("  ").append(g).append('\n'));
    return text.append(passes() ? "all good" : "NOT good")
        .append(" (errors as a share of what is allowed)\n")
        .toString();
  }
}
