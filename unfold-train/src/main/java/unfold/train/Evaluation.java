package unfold.train;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import unfold.data.Dataset;
import unfold.inspect.PictureSheet;
import unfold.inspect.Sheet;
import unfold.metric.Confusion;

/// How well a network does on a set, and where it fails.
///
/// @param data name of the set
/// @param score over all its pictures
/// @param classes their names
/// @param confusion pictures by their class and the class they were taken for
/// @param worst the wrong answers with the highest loss, the worst first
public record Evaluation(
    String data, Score score, List<String> classes, Confusion confusion, List<Mistake> worst) {
  public Evaluation {
    classes = List.copyOf(classes);
    worst = List.copyOf(worst);
  }

  /// A picture that was taken for something else.
  ///
  /// @param item number in the set
  /// @param source where it comes from
  /// @param label its class
  /// @param answer the class it was taken for
  /// @param confidence the network's probability for that answer
  /// @param loss −log of its probability for the right one
  public record Mistake(
      int item, String source, int label, int answer, double confidence, double loss) {}

  /// The worst mistakes as a sheet of pictures.
  ///
  /// @param title in front of what is shown
  /// @param set that was measured on
  public Sheet mistakes(String title, Dataset set) {
    List<PictureSheet.Entry> entries =
        worst.stream()
            .map(m ->
                new PictureSheet.Entry(
                    set.picture(m.item()),
                    "is " + classes.get(m.label()),
                    Text.format(
                        "taken for %s (%.0f %%)", classes.get(m.answer()), 100 * m.confidence()),
                    m.source()))
            .toList();
    String what =
        entries.isEmpty()
            ? "no mistakes"
            : "the " + entries.size() + " worst mistakes, the worst first";
    return PictureSheet.of(title + "  ·  " + data + "  ·  " + what, entries);
  }

  /// The confusion matrix as text: a row for each class, a column for each answer; beside it the
  /// part of the class that was recognised. Of more than 20 classes only those most often taken for
  /// another, as a list.
  public String confusionText() {
    return classes.size() <= 20 ? matrix() : list();
  }

  private String matrix() {
    int width = 6;
    for (String name : classes) {
      width = Math.max(width, name.length() + 1);
    }
    var text = new StringBuilder(" ".repeat(width));
    String cell = "%" + width + "s";
    classes.forEach(name -> text.append(Text.format(cell, name)));
    text.append(Text.format("%11s%n", "recognised"));
    for (int label = 0; label < classes.size(); label++) {
      text.append(Text.format(cell, classes.get(label)));
      for (int answer = 0; answer < classes.size(); answer++) {
        text.append(Text.format(cell, confusion.count(label, answer)));
      }
      text.append(Text.format("%11s%n", Text.percent(confusion.recall(label))));
    }
    return text.toString();
  }

  private record Pair(int label, int answer, long count) {}

  private String list() {
    var most = new PriorityQueue<Pair>(Comparator.comparingLong(Pair::count).reversed());
    for (int label = 0; label < classes.size(); label++) {
      for (int answer = 0; answer < classes.size(); answer++) {
        if (answer != label && confusion.count(label, answer) > 0) {
          most.add(new Pair(label, answer, confusion.count(label, answer)));
        }
      }
    }
    var text = new StringBuilder();
    for (int i = 0; i < 20 && !most.isEmpty(); i++) {
      Pair p = most.remove();
      text.append(
          Text.format(
              "%6d  %s taken for %s%n",
              p.count(), classes.get(p.label()), classes.get(p.answer())));
    }
    return text.toString();
  }
}
