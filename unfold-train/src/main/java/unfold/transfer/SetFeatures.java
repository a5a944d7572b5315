package unfold.transfer;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import unfold.data.Batch;
import unfold.data.Dataset;
import unfold.data.Loader;
import unfold.engine.Engine;
import unfold.error.InputException;
import unfold.inspect.Features;
import unfold.inspect.Features.Form;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;
import unfold.train.Trained;

/// What layers give for all pictures of a set.
///
/// @param values by layer, f32 [N×…] in the order of the set
/// @param labels of the pictures
public record SetFeatures(Map<String, Tensor> values, List<Integer> labels) {
  public SetFeatures {
    values = Map.copyOf(values);
    labels = List.copyOf(labels);
  }

  /// One pass over the set.
  ///
  /// @param batch pictures computed at once
  /// @param threads that prepare pictures meanwhile
  public static SetFeatures of(
      Trained network,
      Engine engine,
      Dataset set,
      List<String> layers,
      Form form,
      int batch,
      int threads) {
    int n = set.size();
    var programs = new HashMap<Integer, Features>();
    var values = new LinkedHashMap<String, Tensor>();
    try (var loader = Loader.of(set, network.loading(set, Math.min(batch, n), threads))) {
      int done = 0;
      while (loader.hasNext()) {
        Batch next = loader.next();
        Features features =
            programs.computeIfAbsent(
                next.size(),
                size -> Features.of(engine, network.model(), network.states(), layers, form, size));
        features.run(next.pictures());
        for (String layer : features.layers()) {
          Tensor part = features.value(layer);
          Tensor all = values.computeIfAbsent(layer, _ -> rows(features.shape(layer), n));
          long bytes = part.type().bytes() / next.size();
          MemorySegment.copy(part.data(), 0, all.data(), done * bytes, part.type().bytes());
        }
        done += next.size();
        next.release();
      }
    }
    return new SetFeatures(values, IntStream.range(0, n).mapToObj(set::label).toList());
  }

  /// What a layer gives, f32 [N×…].
  ///
  /// @throws InputException if it was not asked for
  public Tensor value(String layer) {
    Tensor found = values.get(layer);
    if (found == null) {
      throw new InputException(
          layer + " was not asked for; there are " + String.join(", ", values.keySet()));
    }
    return found;
  }

  private static Tensor rows(Shape item, int n) {
    int[] dims = new int[item.rank() + 1];
    dims[0] = n;
    for (int i = 0; i < item.rank(); i++) {
      dims[i + 1] = item.dim(i);
    }
    return Tensor.zeros(new TensorType(DType.F32, Shape.of(dims)));
  }
}
