package unfold.transfer;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import unfold.data.image.PictureFile;
import unfold.error.InputException;
import unfold.inspect.Features;
import unfold.inspect.Features.Form;
import unfold.interop.safetensors.SafetensorsWriter;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;
import unfold.train.Trained;
import unfold.train.WholeFile;

/// What layers give for some picture files.
///
/// @param pictures the files
/// @param values by layer, f32 [pictures×…]
public record PictureFeatures(
    String network, List<String> pictures, Form form, SequencedMap<String, Tensor> values) {
  public PictureFeatures {
    pictures = List.copyOf(pictures);
    values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
  }

  /// @throws InputException with the nearest names if there is no such layer
  /// @throws unfold.error.FormatException if a file is no picture
  public static PictureFeatures of(
      Trained network, List<Path> files, List<String> layers, Form form) {
    var features =
        Features.of(network.engine(), network.model(), network.states(), layers, form, 1);
    var values = new LinkedHashMap<String, Tensor>();
    for (int i = 0; i < files.size(); i++) {
      features.run(Trained.batch(network.prepared(PictureFile.read(files.get(i)))));
      for (String layer : features.layers()) {
        Tensor one = features.value(layer);
        Shape all = one.shape().with(0, files.size());
        Tensor rows =
            values.computeIfAbsent(layer, _ -> Tensor.zeros(new TensorType(DType.F32, all)));
        long bytes = one.type().bytes();
        MemorySegment.copy(one.data(), 0, rows.data(), i * bytes, bytes);
      }
    }
    List<String> names = files.stream().map(Path::toString).toList();
    return new PictureFeatures(network.model().name(), names, form, values);
  }

  /// The shape of each layer's tensor, the pictures first.
  public SequencedMap<String, Shape> shapes() {
    var shapes = new LinkedHashMap<String, Shape>();
    values.forEach((layer, t) -> shapes.put(layer, t.shape()));
    return shapes;
  }

  /// Writes a file by its ending: `.safetensors`, a tensor for each layer with the pictures' names
  /// as metadata, or `.csv`.
  ///
  /// @throws InputException if it ends otherwise or cannot be written
  public void write(Path file) {
    String name = file.toString();
    if (name.endsWith(".safetensors")) {
      var about =
          Map.of(
              "network",
              network,
              "form",
              form == Form.POOLED ? "pooled" : "whole",
              "pictures",
              String.join("\n", pictures));
      SafetensorsWriter.write(file, values, about);
    } else if (name.endsWith(".csv")) {
      WholeFile.write(file, csv().getBytes(StandardCharsets.UTF_8));
    } else {
      throw new InputException(name + ": features go to a file .safetensors or .csv");
    }
  }

  /// A row for each picture; columns are `picture`, then `LAYER[k]` for the numbers of each layer
  /// in row-major order.
  public String csv() {
    var text = new StringBuilder("picture");
    values.forEach((layer, t) -> {
      for (long k = 0; k < t.size() / pictures.size(); k++) {
        text.append(',').append(layer).append('[').append(k).append(']');
      }
    });
    text.append('\n');
    for (int i = 0; i < pictures.size(); i++) {
      text.append(quoted(pictures.get(i)));
      for (Tensor t : values.values()) {
        long size = t.size() / pictures.size();
        for (long k = 0; k < size; k++) {
          text.append(',').append((float) t.get(i * size + k));
        }
      }
      text.append('\n');
    }
    return text.toString();
  }

  /// By RFC 4180.
  private static String quoted(String word) {
    return word.matches("[^\",\r\n]*") ? word : '"' + word.replace("\"", "\"\"") + '"';
  }
}
