package unfold.train;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import unfold.interop.StoredTensor;
import unfold.interop.TensorFile;
import unfold.interop.safetensors.SafetensorsWriter;
import unfold.interop.weights.Fit;
import unfold.interop.weights.Needs;
import unfold.interop.weights.WeightsFile;
import unfold.model.LanguageModel;
import unfold.model.Model;
import unfold.optimizer.Updating;
import unfold.run.States;
import unfold.tensor.Tensor;
import unfold.trace.Traced;

/// The numbers of a network: parameters and running statistics under their names in the model, and
/// nothing of the optimiser. `best.safetensors` of a run is such a file, and so are published
/// weights in safetensors or of torch.save.
///
/// @param contents the tensors, described but not yet read
/// @param about what is known about them, if the file says so
public record Weights(TensorFile contents, Optional<About> about) {
  static final String ABOUT = "unfold.about";
  static final String OPTIMIZER = "optimizer.";
  private static final String CARRIED = LanguageModel.CARRIED + ".";

  /// Where weights come from.
  ///
  /// @param model name and options, enough to build it again
  /// @param classes names of what it tells apart
  /// @param data fingerprint of what it learned from
  /// @param epoch after which they were taken, from 1; 0 within the first
  /// @param score on what was held out then, as the run is judged by: accuracy, or nats per
  ///   character
  public record About(
      RunConfig.Network model, List<String> classes, String data, int epoch, double score) {
    public About {
      classes = List.copyOf(classes);
    }

    About epoch(int number, double measure) {
      return new About(model, classes, data, number, measure);
    }
  }

  /// A copy of a network's numbers: their averages, where they are kept.
  static Weights of(States states, About about) {
    var tensors = new LinkedHashMap<String, StoredTensor>();
    for (String name : states.names()) {
      if (ofNetwork(name)) {
        tensors.put(name, StoredTensor.of(name, Averages.of(states, name)));
      }
    }
    return new Weights(new TensorFile("", "memory", tensors, Map.of()), Optional.of(about));
  }

  static boolean ofNetwork(String name) {
    return !name.startsWith(OPTIMIZER) && !name.startsWith(CARRIED);
  }

  /// Reads a file in any format that is known. Also a checkpoint can be read; what it has of the
  /// optimiser and of streams is left out, and where it keeps averages of the weights, it is those
  /// that are read.
  ///
  /// @throws unfold.error.FormatException if it is damaged
  public static Weights read(Path file) {
    TensorFile whole = WeightsFile.read(file);
    Optional<About> about =
        Optional.ofNullable(whole.metadata().get(ABOUT))
            .map(text -> Json.read(text, About.class, file.toString(), "a file of weights"));
    var tensors = new LinkedHashMap<>(whole.tensors());
    about.ifPresent(_ -> preferAverages(tensors));
    return new Weights(
        new TensorFile(whole.file(), whole.format(), tensors, whole.metadata()), about);
  }

  private static void preferAverages(Map<String, StoredTensor> tensors) {
    for (var entry : List.copyOf(tensors.entrySet())) {
      if (entry.getKey().startsWith(Updating.AVERAGE)) {
        tensors.put(entry.getKey().substring(Updating.AVERAGE.length()), entry.getValue());
      }
    }
    tensors.keySet().removeIf(name -> !ofNetwork(name));
  }

  /// The file, for messages.
  public String file() {
    return contents.file();
  }

  /// How many numbers they are.
  public long size() {
    return contents.tensors().values().stream().mapToLong(t -> t.shape().size()).sum();
  }

  /// Writes a file that is whole or absent.
  public void write(Path to) {
    Map<String, String> metadata = about.map(a -> Map.of(ABOUT, Json.line(a))).orElseGet(Map::of);
    var tensors = new LinkedHashMap<String, Tensor>();
    contents.tensors().forEach((name, stored) -> tensors.put(name, stored.tensor()));
    SafetensorsWriter.write(to, tensors, metadata);
  }

  /// Which of these tensors a network would take, to answer. Nothing is read or changed.
  public Fit fit(Model model) {
    return Fit.of(contents, Needs.toAnswer(model));
  }

  /// Gives a network these numbers.
  ///
  /// @throws unfold.error.InputException if they are not all that it needs, or more
  public void load(Model model, States into) {
    fit(model).requireWhole().load(into::set);
  }

  /// Gives a language model these numbers.
  ///
  /// @throws unfold.error.InputException if they are not all that it needs, or more
  public void load(LanguageModel model, States into) {
    load(model.name(), model.vocabulary(), model.reading(1, 1), into);
  }

  /// Gives any network these numbers.
  ///
  /// @param network its name, for messages
  /// @param classes what it tells apart
  /// @param answering any of its programs that answers
  /// @throws unfold.error.InputException if they are not all that it needs, or more
  public void load(String network, int classes, Traced answering, States into) {
    Fit.of(contents, Needs.toAnswer(network, classes, answering)).requireWhole().load(into::set);
  }
}
