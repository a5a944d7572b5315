package unfold.bench.examples;

import java.util.Map;
import java.util.Optional;
import unfold.engine.Engine;
import unfold.engine.Feed;
import unfold.engine.Learner;
import unfold.engine.Settings;
import unfold.layer.Flatten;
import unfold.layer.Layer;
import unfold.layer.Loss;
import unfold.layer.Lstm;
import unfold.layer.Recurrent;
import unfold.model.FrameLabeller;
import unfold.model.Preprocessing;
import unfold.optimizer.Adam;
import unfold.optimizer.Updating;
import unfold.random.Stream;
import unfold.run.Program;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;

/// Many-to-many in step, as small as can be: a film of pictures of two pixels. Now and then the
/// left pixel flashes (label 0) or the right one (label 1); in between all is dark, and the label
/// is that of the last flash. One frame alone does not tell.
public final class LastSeen {
  private static final int FILMS = 32;
  private static final int FRAMES = 12;
  private static final double FLASHES = 0.3;

  private LastSeen() {}

  public static void main(String[] arguments) {
    System.out.printf("frames right without a memory: %.3f%n", accuracy(Optional.empty(), 150));
    System.out.printf("with an LSTM of 8 units:       %.3f%n", accuracy(memory(), 150));
  }

  static Optional<Recurrent> memory() {
    return Optional.of(new Recurrent(new Lstm().forgetBias(1), 2, 8));
  }

  /// The share of frames of new films that are labelled right after so many steps of learning.
  static double accuracy(Optional<Recurrent> memory, int steps) {
    Layer encoder = new Flatten(); // any network for pictures
    var model =
        new FrameLabeller(
            "last-seen",
            Map.of(),
            Shape.of(1, 1, 2),
            Preprocessing.UNIT.forChannels(1),
            encoder,
            "lstm",
            memory,
            0,
            2);
    var engine = Engine.open(Settings.defaults());
    var states = new States();
    Learner learner =
        engine.learner(
            model.training(FILMS, FRAMES, new Loss.SoftmaxCrossEntropy()),
            new Adam(0.03),
            Updating.PLAIN.clipNorm(1),
            1,
            states);
    Tensor pictures = Tensor.zeros(DType.U8, FRAMES * FILMS, 1, 2, 1);
    Tensor labels = Tensor.zeros(DType.I32, FRAMES * FILMS);
    for (int step = 1; step <= steps; step++) {
      draw(step, pictures, labels);
      Feed.pictures(learner.program()).write(pictures);
      learner.feed("labels").write(labels);
      learner.run(0.03, step);
    }

    Program answering = engine.answering(model.answering(FILMS, FRAMES), states);
    draw(0, pictures, labels);
    Feed.pictures(answering).write(pictures);
    answering.run();
    Tensor logits = answering.result("logits");
    int right = 0;
    for (int i = 0; i < FRAMES * FILMS; i++) {
      int answer = logits.get(2L * i + 1) > logits.get(2L * i) ? 1 : 0;
      right += answer == (int) labels.get(i) ? 1 : 0;
    }
    return right / (double) (FRAMES * FILMS);
  }

  /// Frame t of film n is picture t·N + n.
  private static void draw(int number, Tensor pictures, Tensor labels) {
    Stream random = Stream.of(0, "films", number);
    for (int n = 0; n < FILMS; n++) {
      int last = 0;
      for (int t = 0; t < FRAMES; t++) {
        boolean flash = t == 0 || random.nextDouble() < FLASHES;
        last = flash ? random.nextInt(2) : last;
        int place = t * FILMS + n;
        pictures.set(2L * place, flash && last == 0 ? 255 : 0);
        pictures.set(2L * place + 1, flash && last == 1 ? 255 : 0);
        labels.set(place, last);
      }
    }
  }
}
