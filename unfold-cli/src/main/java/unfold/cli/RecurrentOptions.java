package unfold.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/// The recurrent layers of a network that is to learn from sequences.
final class RecurrentOptions {
  @Option(
      names = "--cell",
      description = "lstm, gru or rnn; for films also none (default: ${DEFAULT-VALUE})")
  String cell = "lstm";

  @Option(
      names = "--rnn-size",
      description =
          "units of a layer; of one that reads sentences to classify them, in each direction"
              + " (default: ${DEFAULT-VALUE})")
  int size;

  @Option(names = "--num-layers", description = "layers (default: ${DEFAULT-VALUE})")
  int layers;

  @Option(
      names = "--dropout",
      description =
          "on embedded words if there are any, between layers and before the last one (default:"
              + " ${DEFAULT-VALUE})")
  double dropout;

  /// @param size units of a layer, unless asked otherwise
  RecurrentOptions(int size, int layers, double dropout) {
    this.size = size;
    this.layers = layers;
    this.dropout = dropout;
  }

  /// The options of a network of the zoo.
  ///
  /// @param more what it wants beside them
  Map<String, String> with(Map<String, ?> more) {
    var all = new LinkedHashMap<String, String>();
    more.forEach((key, value) -> all.put(key, String.valueOf(value)));
    all.put("cell", cell);
    all.put("rnn-size", Integer.toString(size));
    all.put("num-layers", Integer.toString(layers));
    all.put("dropout", Double.toString(dropout));
    return all;
  }
}
