package unfold.train;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import unfold.interop.safetensors.Safetensors;
import unfold.interop.safetensors.SafetensorsReader;
import unfold.interop.safetensors.SafetensorsWriter;
import unfold.model.Model;
import unfold.run.States;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// The numbers of a network: parameters and running statistics under their names in the model, and
/// nothing of the optimiser. `best.safetensors` of a run is such a file.
///
/// @param file where they come from, for messages
/// @param about what is known about them, if the file says so
public record Weights(String file, SequencedMap<String, Tensor> tensors, Optional<About> about) {
  static final String ABOUT = "unfold.about";
  private static final String OPTIMIZER = "optimizer.";

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

  /// A copy of a network's numbers.
  static Weights of(States states, About about) {
    var tensors = new LinkedHashMap<String, Tensor>();
    for (String name : states.names()) {
      if (!name.startsWith(OPTIMIZER)) {
        tensors.put(name, states.get(name));
      }
    }
    return new Weights("", tensors, Optional.of(about));
  }

  /// Also a checkpoint can be read; what it has of the optimiser is left out.
  ///
  /// @throws unfold.error.FormatException if it is damaged
  public static Weights read(Path file) {
    Safetensors whole = SafetensorsReader.read(file);
    Optional<About> about =
        Optional.ofNullable(whole.metadata().get(ABOUT))
            .map(text -> Json.read(text, About.class, file.toString(), "a file of weights"));
    var tensors = new LinkedHashMap<>(whole.tensors());
    tensors.keySet().removeIf(name -> name.startsWith(OPTIMIZER));
    return new Weights(file.toString(), tensors, about);
  }

  /// Writes a file that is whole or absent.
  public void write(Path to) {
    Map<String, String> metadata = about.map(a -> Map.of(ABOUT, Json.line(a))).orElseGet(Map::of);
    SafetensorsWriter.write(to, tensors, metadata);
  }

  /// Gives a network these numbers.
  ///
  /// @throws unfold.error.FormatException if they are another network's
  public void load(Model model, States into) {
    var needed = new LinkedHashMap<String, TensorType>();
    model.inference(1).states().forEach(d -> needed.put(d.name(), d.type()));
    // What only training has (auxiliary heads) may be in the file or not.
    model.states().stream()
        .filter(d -> tensors.containsKey(d.name()))
        .forEach(d -> needed.put(d.name(), d.type()));
    StateFile.copy(file, tensors, needed, into);
  }
}
