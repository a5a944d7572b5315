package unfold.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import unfold.data.Dataset;
import unfold.data.TenCrop;
import unfold.data.image.Picture;
import unfold.data.image.PictureFile;
import unfold.error.InputException;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// Several answers to each picture, averaged as probabilities: of networks trained with other
/// seeds, of ten views of a picture, or of both.
///
/// What counts is the logarithm of the mean probability: its softmax is that mean.
///
/// @param members networks that tell the same classes apart
/// @param tenCrop whether each looks at ten views of a picture ([unfold.data.TenCrop])
/// @source Krizhevsky, Sutskever, Hinton: ImageNet classification with deep convolutional neural
///   networks (2012), 4.1 and 6
public record Ensemble(List<Predictor> members, boolean tenCrop) {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  public Ensemble {
    members = List.copyOf(members);
    if (members.isEmpty()) {
      throw new InputException("an ensemble needs a network");
    }
    List<String> classes = members.getFirst().classes();
    for (Predictor member : members) {
      if (!member.classes().equals(classes)) {
        throw new InputException(
            "networks of one ensemble must tell the same classes apart, but "
                + member.model().name()
                + " knows "
                + member.classes()
                + " and "
                + members.getFirst().model().name()
                + " "
                + classes);
      }
    }
  }

  /// One network.
  public static Ensemble of(Predictor... members) {
    return new Ensemble(List.of(members), false);
  }

  public Ensemble tenCrop(boolean on) {
    return new Ensemble(members, on);
  }

  /// Measures the mean of the answers on a set.
  ///
  /// @param batch pictures whose answers are averaged at once
  /// @param threads that prepare pictures, for each network
  public Evaluation evaluate(Dataset set, int batch, int threads) {
    if (members.size() == 1 && !tenCrop) {
      return members.getFirst().evaluate(set, batch, threads);
    }
    Dataset data = members.getFirst().asLearned(set);
    int together = Math.clamp(tenCrop ? batch / TenCrop.VIEWS : batch, 1, data.size());
    var judge = new Judge(data, classes());
    var votes = new ArrayList<Votes>();
    try {
      for (Predictor member : members) {
        votes.add(Votes.of(member, data, together, threads, tenCrop));
      }
      for (int done = 0; done < data.size(); done += together) {
        int count = Math.min(together, data.size() - done);
        Tensor sum = Votes.nothing(count, classes());
        Tensor labels = Tensor.zeros(DType.I32, count);
        votes.forEach(v -> v.add(sum, labels));
        int first = done;
        judge.add(logOfMean(sum), labels, i -> first + i);
      }
    } finally {
      votes.forEach(Votes::close);
    }
    return judge.evaluation();
  }

  private int classes() {
    return members.getFirst().classes().size();
  }

  /// What the networks together take a picture for.
  ///
  /// @param name for the prediction
  public Prediction predict(Picture picture, String name, int top) {
    Tensor sum = Votes.nothing(1, classes());
    for (Predictor member : members) {
      for (Picture view : tenCrop ? Preparation.views(member.model(), picture) : List.of(picture)) {
        Votes.add(member.answer(view), 1, sum);
      }
    }
    return members.getFirst().prediction(logOfMean(sum), name, top);
  }

  /// What the networks together take a picture for.
  public Prediction predict(Path file, int top) {
    return predict(PictureFile.read(file), file.toString(), top);
  }

  private Tensor logOfMean(Tensor sum) {
    int answers = members.size() * (tenCrop ? TenCrop.VIEWS : 1);
    MemorySegment x = sum.data();
    for (long i = 0; i < sum.size(); i++) {
      x.setAtIndex(FLOAT, i, (float) (x.getAtIndex(FLOAT, i) - Math.log(answers)));
    }
    return sum;
  }
}
