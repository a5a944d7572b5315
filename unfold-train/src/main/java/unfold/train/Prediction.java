package unfold.train;

import java.util.List;

/// What a network takes a picture for.
///
/// @param picture the file
/// @param answers the likeliest classes, the likeliest first
public record Prediction(String picture, List<Answer> answers) {
  public Prediction {
    answers = List.copyOf(answers);
  }

  /// @param index number of the class
  /// @param probability of the class, as the network believes: softmax of the logits
  public record Answer(int index, String name, double probability) {}
}
