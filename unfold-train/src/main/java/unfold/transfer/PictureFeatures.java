package unfold.transfer;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import unfold.data.Dataset;
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

/// What layers give for some pictures.
///
/// @param pictures the files, or whatever their set calls them
/// @param labels of the pictures, names of classes; empty where nobody knows them
/// @param values by layer, f32 [pictures×…]
public record PictureFeatures(
    String network,
    List<String> pictures,
    Optional<Labels> labels,
    Form form,
    SequencedMap<String, Tensor> values) {
  private static final long MOST_IN_TEXT = 50_000_000;

  /// Which class each picture is of.
  public record Labels(List<String> classes, List<Integer> items) {
    public Labels {
      classes = List.copyOf(classes);
      items = List.copyOf(items);
    }
  }

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
    return new PictureFeatures(network.model().name(), names, Optional.empty(), form, values);
  }

  /// Of all pictures of a set, with their labels.
  ///
  /// @param batch pictures computed at once
  /// @throws InputException with the nearest names if there is no such layer
  /// @throws unfold.error.FormatException if a file of the set is no picture
  public static PictureFeatures of(
      Trained network, Dataset set, List<String> layers, Form form, int batch) {
    var found = SetFeatures.of(network, network.engine(), set, layers, form, batch, 1);
    var values = new LinkedHashMap<String, Tensor>();
    layers.forEach(layer -> values.put(layer, found.value(layer)));
    return new PictureFeatures(
        network.model().name(),
        IntStream.range(0, set.size()).mapToObj(set::source).toList(),
        Optional.of(new Labels(set.classes(), found.labels())),
        form,
        values);
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
    requireForm(file);
    String name = file.toString();
    if (name.endsWith(".safetensors")) {
      var about = new TreeMap<String, String>();
      about.put("network", network);
      about.put("form", form == Form.POOLED ? "pooled" : "whole");
      about.put("pictures", String.join("\n", pictures));
      labels.ifPresent(known -> about.put("classes", String.join("\n", known.classes())));
      SafetensorsWriter.write(file, tensors(), about);
    } else {
      WholeFile.write(file, csv().getBytes(StandardCharsets.UTF_8));
    }
  }

  /// @throws InputException if features cannot be written to a file of this name
  public static void requireForm(Path file) {
    String name = file.toString();
    if (!name.endsWith(".safetensors") && !name.endsWith(".csv")) {
      throw new InputException(name + ": features go to a file .safetensors or .csv");
    }
  }

  private SequencedMap<String, Tensor> tensors() {
    var all = new LinkedHashMap<>(values);
    labels.ifPresent(known -> {
      Tensor numbers = Tensor.zeros(DType.I32, known.items().size());
      for (int i = 0; i < known.items().size(); i++) {
        numbers.set(i, known.items().get(i));
      }
      all.put("labels", numbers);
    });
    return all;
  }

  /// A row for each picture; columns are `picture`, `class` where it is known, then `LAYER[k]` for
  /// the numbers of each layer in row-major order.
  ///
  /// @throws InputException if that would be a text of gigabytes
  public String csv() {
    long numbers = values.values().stream().mapToLong(Tensor::size).sum();
    if (numbers > MOST_IN_TEXT) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%,d numbers are too many for a table (%,d at most): write a file .safetensors",
              numbers,
              MOST_IN_TEXT));
    }
    var text = new StringBuilder(labels.isPresent() ? "picture,class" : "picture");
    values.forEach((layer, t) -> {
      for (long k = 0; k < t.size() / pictures.size(); k++) {
        text.append(',').append(layer).append('[').append(k).append(']');
      }
    });
    text.append('\n');
    for (int i = 0; i < pictures.size(); i++) {
      text.append(quoted(pictures.get(i)));
      if (labels.isPresent()) {
        Labels known = labels.get();
        text.append(',').append(quoted(known.classes().get(known.items().get(i))));
      }
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
