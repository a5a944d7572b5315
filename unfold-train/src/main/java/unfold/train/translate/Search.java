package unfold.train.translate;

import unfold.error.InputException;

/// How to look for a translation that the network thinks likely.
///
/// At each step the `beam` likeliest beginnings are kept. One that ends is put aside and its place
/// is not filled again; when all are put aside, or the sentence is as long as it may be, the best
/// is the one with the largest
///
/// > log P(words) / ((5 + n) / 6)^lengthPenalty, n words and the end
///
/// With a beam of 1 this takes the likeliest word at each step.
///
/// @param beam beginnings to keep
/// @param lengthPenalty 0 for none: then short sentences win, as each word costs
/// @source Sutskever, Vinyals, Le (2014), 3.2; length penalty: Wu et al.: Google's neural machine
///   translation system (2016), equation 14
public record Search(int beam, double lengthPenalty) {
  /// The likeliest word at each step.
  public static final Search GREEDY = new Search(1, 1);

  private static final int MOST = 100;

  public Search {
    if (beam < 1 || beam > MOST) {
      throw new InputException("the beam must be 1 … " + MOST + ", but is " + beam);
    }
    if (!(lengthPenalty >= 0) || Double.isInfinite(lengthPenalty)) {
      throw new InputException("the length penalty must be at least 0, but is " + lengthPenalty);
    }
  }

  /// What finished sentences are compared by.
  ///
  /// @param tokens its words and its end
  double score(double logProbability, int tokens) {
    return logProbability / Math.pow((5.0 + tokens) / 6, lengthPenalty);
  }
}
