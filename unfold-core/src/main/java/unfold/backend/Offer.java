package unfold.backend;

import java.util.List;

/// A backend's answer to a [Call].
public sealed interface Offer {

  /// Ways to do it, the one the backend believes fastest first; never empty.
  record Accepted(List<Candidate> candidates) implements Offer {
    public Accepted {
      candidates = List.copyOf(candidates);
      if (candidates.isEmpty()) {
        throw new IllegalArgumentException("an accepted offer has a candidate");
      }
    }
  }

  /// Not me, and why.
  record Declined(String reason) implements Offer {}

  static Offer of(Candidate... candidates) {
    return new Accepted(List.of(candidates));
  }

  static Offer declined(String reason) {
    return new Declined(reason);
  }
}
