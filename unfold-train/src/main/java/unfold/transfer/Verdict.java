package unfold.transfer;

import java.util.List;

/// Which of the four cases a transfer is, and what follows from it.
///
/// | | similar | different |
/// |---|---|---|
/// | little data | a linear classifier on the top | a linear classifier on an earlier depth |
/// | much data | fine-tune a few layers | fine-tune many layers |
///
/// *Similar*: a linear classifier on the top does as well as one on any other depth, within what
/// chance explains: of the pictures that only one of the two gets right, the numbers differ by less
/// than twice the root of their sum. *Much*: at least 100 training pictures a class, and ten or
/// more for each number of the best features, which a linear classifier then cannot merely learn by
/// heart; fewer than two are little; between them it is little if the second half of the pictures
/// still helped more than chance explains.
///
/// @param reasons the measurements behind it, a sentence each
/// @param freeze what [unfold.train.FineTuning] should freeze; empty for nothing
public record Verdict(
    boolean much, boolean similar, String advice, List<String> reasons, String freeze) {
  public Verdict {
    reasons = List.copyOf(reasons);
  }

  /// Such as `little data, similar task`.
  public String cell() {
    return (much ? "much" : "little") + " data, " + (similar ? "similar" : "different") + " task";
  }
}
