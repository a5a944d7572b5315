package unfold.plan;

import java.util.List;
import java.util.Map;
import unfold.backend.Backend;
import unfold.backend.Call;
import unfold.backend.Candidate;

/// Picks one of the kernels that backends offer for a call.
public interface Chooser {

  /// One kernel on offer.
  ///
  /// @param conversions that its input layouts cost on top, in order
  record Option(Backend backend, Candidate candidate, List<Conversions.Hop> conversions) {
    public Option {
      conversions = List.copyOf(conversions);
    }

    /// `onednn/brgconv:avx512_core_bf16`.
    public String label() {
      return backend.name() + "/" + candidate.label();
    }
  }

  /// A plan begins, for a program whose values take so many bytes together.
  default void begin(long bytes) {}

  /// Index of the chosen option; options stand in order of preference of the backends and are never
  /// empty.
  int choose(Call call, List<Option> options);

  /// Asked when a plan stands: whether it wants to be asked all of it once more, since it would now
  /// know better.
  default boolean reconsiders() {
    return false;
  }

  /// A plan is complete: nothing will be asked for a while.
  default void rest() {}

  /// What was chosen so far, by the text of the call: a run stores it, and a resumed run starts
  /// from it, so that both compute the same bits.
  default Map<String, String> choices() {
    return Map.of();
  }

  /// A fixed rule: what the most preferred backend believes fastest.
  static Chooser first() {
    return (_, _) -> 0;
  }
}
