package unfold.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import unfold.layer.Loss;
import unfold.model.EncoderDecoder;
import unfold.model.ModelSummary;
import unfold.trace.Mode;
import unfold.trace.Traced;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.zoo.sequence.Captions;
import unfold.zoo.sequence.CharRnn;
import unfold.zoo.sequence.ChordRnn;
import unfold.zoo.sequence.SentenceRnn;
import unfold.zoo.sequence.Translation;
import unfold.zoo.sequence.VideoRnn;

/// A network for sequences, whatever it reads: what it computes of so many rows and steps.
///
/// @param least steps that a program needs
record SequenceNet(String name, int least, Unrolled training, Unrolled answering) {
  /// About as many characters as an English text has.
  private static final String CHARACTERS = "96";

  /// A program for rows and steps.
  interface Unrolled {
    Traced of(int rows, int steps);
  }

  /// The one of a run on sequences or of that name, or none if it is a network for pictures.
  ///
  /// @param changes to the run's options
  static Optional<SequenceNet> find(String name, Map<String, String> changes) {
    Optional<RunConfig> run = RunFolder.find(Path.of(name)).map(RunFolder::config);
    if (run.isEmpty()) {
      return named(name, changes);
    }
    var options = new LinkedHashMap<>(run.get().model().options());
    options.putAll(changes);
    return switch (run.get().data()) {
      case RunConfig.Pictures _ -> Optional.empty();
      case RunConfig.Text _ -> Optional.of(characters(options));
      case RunConfig.Sentences _ -> Optional.of(sentiment(options));
      case RunConfig.Pairs pairs -> Optional.of(translation(options, pairs.sampling() > 0));
      case RunConfig.Captions _ -> Optional.of(captions(options));
      case RunConfig.Music _ -> Optional.of(chorales(options));
      case RunConfig.Video _ -> Optional.of(video(options));
    };
  }

  private static Optional<SequenceNet> named(String name, Map<String, String> options) {
    return switch (name) {
      case CharRnn.NAME -> {
        var all = new LinkedHashMap<>(Map.of("vocabulary", CHARACTERS));
        all.putAll(options);
        yield Optional.of(characters(all));
      }
      case SentenceRnn.NAME -> Optional.of(sentiment(options));
      case Translation.NAME -> Optional.of(translation(options, false));
      case Captions.NAME -> Optional.of(captions(options));
      case ChordRnn.NAME -> Optional.of(chorales(options));
      case VideoRnn.NAME -> Optional.of(video(options));
      default -> Optional.empty();
    };
  }

  private static SequenceNet characters(Map<String, String> options) {
    var net = CharRnn.model(options);
    return new SequenceNet(net.name(), 1, (n, t) -> net.training(n, t, loss()), net::reading);
  }

  private static SequenceNet sentiment(Map<String, String> options) {
    var net = SentenceRnn.model(options);
    return new SequenceNet(net.name(), 1, (n, t) -> net.training(n, t, loss()), net::answering);
  }

  /// As many words to read as to write.
  private static SequenceNet translation(Map<String, String> options, boolean sampled) {
    var net = Translation.model(options);
    return new SequenceNet(
        net.name(),
        1,
        (n, t) -> net.teaching(new EncoderDecoder.Size(n, t, t), loss(), Mode.TRAIN, sampled),
        (n, t) -> net.scoring(new EncoderDecoder.Size(n, t, t)));
  }

  private static SequenceNet captions(Map<String, String> options) {
    var net = Captions.model(options);
    return new SequenceNet(net.name(), 2, (n, t) -> net.training(n, t, loss()), net::scoring);
  }

  private static SequenceNet chorales(Map<String, String> options) {
    var net = ChordRnn.model(options);
    return new SequenceNet(net.name(), 1, net::training, net::measuring);
  }

  private static SequenceNet video(Map<String, String> options) {
    var net = VideoRnn.model(options);
    return new SequenceNet(net.name(), 1, (n, t) -> net.training(n, t, loss()), net::answering);
  }

  private static Loss loss() {
    return new Loss.SoftmaxCrossEntropy();
  }

  /// Layer by layer, for one item.
  ModelSummary summary() {
    return ModelSummary.of(name, answering.of(1, least));
  }
}
