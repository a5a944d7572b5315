package unfold.train;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.TreeMap;
import unfold.error.FormatException;
import unfold.interop.safetensors.Safetensors;
import unfold.interop.safetensors.SafetensorsReader;
import unfold.interop.safetensors.SafetensorsWriter;
import unfold.run.States;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// Everything that going on needs: `last.safetensors`. It holds every state (parameters, running
/// statistics, optimiser memory) under its name, and the [Position] as text metadata.
record Checkpoint(String file, Position position, SequencedMap<String, Tensor> states) {
  private static final String POSITION = "unfold.position";

  /// @throws unfold.error.InputException if it cannot be written; an older one is then unharmed
  static void write(Path file, Position position, Weights.About about, States states) {
    var tensors = new LinkedHashMap<String, Tensor>();
    states.names().forEach(name -> tensors.put(name, states.get(name)));
    var metadata = new TreeMap<String, String>();
    metadata.put(POSITION, Json.line(position));
    metadata.put(Weights.ABOUT, Json.line(about));
    SafetensorsWriter.write(file, tensors, metadata);
  }

  /// @throws FormatException if the file is damaged, not a checkpoint, or of a newer Unfold
  static Checkpoint read(Path file) {
    Safetensors whole = SafetensorsReader.read(file);
    String text = whole.metadata().get(POSITION);
    if (text == null) {
      throw new FormatException(
          file + ": holds tensors, but no place in a training run: it is no checkpoint");
    }
    String what = "a checkpoint";
    int version = Json.version(text, file.toString(), what);
    if (version > Position.VERSION) {
      throw new FormatException(
          file
              + ": was written by a newer Unfold (version "
              + version
              + "; this one reads up to "
              + Position.VERSION
              + "): use that one");
    }
    Position position = Json.read(text, Position.class, Position.OLDER, file.toString(), what);
    return new Checkpoint(file.toString(), position, whole.tensors());
  }

  /// Gives the states the numbers of this checkpoint.
  ///
  /// @throws FormatException if it is of another model or optimiser
  void restore(States into) {
    var needed = new LinkedHashMap<String, TensorType>();
    into.names().forEach(name -> needed.put(name, into.type(name)));
    StateFile.copy(file, states, needed, into);
  }
}
