package unfold.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The parts of a data set: what to train on, and what was held out, as far as it is there.
///
/// @param notes what the user should know about how the parts came about, one line each
public record Splits(
    Dataset train, Optional<Dataset> validation, Optional<Dataset> test, List<String> notes) {
  public Splits {
    notes = List.copyOf(notes);
  }

  /// Training pictures alone.
  public static Splits of(Dataset train) {
    return new Splits(train, Optional.empty(), Optional.empty(), List.of());
  }

  public Splits validation(Dataset part) {
    return new Splits(train, Optional.of(part), test, notes);
  }

  public Splits test(Dataset part) {
    return new Splits(train, validation, Optional.of(part), notes);
  }

  public Splits note(String line) {
    var more = new ArrayList<>(notes);
    more.add(line);
    return new Splits(train, validation, test, more);
  }

  /// What to measure on while training: the validation part, or else the test part.
  public Optional<Dataset> heldOut() {
    return validation.or(() -> test);
  }

  /// These splits if something is held out already; else a `fraction` of the training pictures is
  /// held out as validation, chosen by `seed`, and a note says so.
  public Splits holdOut(double fraction, long seed) {
    if (heldOut().isPresent()) {
      return this;
    }
    Splits parts = train.splitFraction(fraction, seed);
    int held = parts.validation().map(Dataset::size).orElse(0);
    return new Splits(parts.train(), parts.validation(), test, notes)
        .note(
            train.name()
                + ": "
                + held
                + " of "
                + train.size()
                + " training pictures held out for validation (seed "
                + seed
                + ")");
  }
}
