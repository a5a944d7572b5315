package unfold.testkit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import unfold.error.InputException;
import unfold.error.Nearest;
import unfold.error.ShapeException;

/// The catalogue: every op with several shapes and settings.
public final class Samples {
  private static final SequencedMap<String, Sample> ALL = readAll();

  private Samples() {}

  /// All samples, by family.
  public static List<Sample> all() {
    return List.copyOf(ALL.values());
  }

  /// The samples of ops whose text form has this name.
  public static List<Sample> of(String op) {
    return all().stream().filter(s -> s.name().startsWith(op + " ")).toList();
  }

  /// The sample that a name describes, whether it is in the catalogue or not.
  ///
  /// @throws InputException that says what is wrong with the name, and which one is near it
  public static Sample read(String name) {
    Sample known = ALL.get(name);
    if (known != null) {
      return known;
    }
    try {
      Sample sample = parse(name);
      sample.types().forEach(real -> sample.op(real).infer(sample.inputs(real)));
      return sample;
    } catch (IllegalArgumentException | ShapeException | InputException e) {
      throw new InputException(
          e.getMessage() + "; did you mean '" + Nearest.to(name, ALL.keySet(), 1) + "'?", e);
    }
  }

  static Sample parse(String name) {
    var w = new Words(name);
    @Nullable Sample s = ConvolutionSamples.read(w);
    s = s != null ? s : PoolingSamples.read(w);
    s = s != null ? s : NormalizationSamples.read(w);
    s = s != null ? s : PointwiseSamples.read(w);
    s = s != null ? s : LinearSamples.read(w);
    s = s != null ? s : SoftmaxSamples.read(w);
    s = s != null ? s : ReductionSamples.read(w);
    s = s != null ? s : MovementSamples.read(w);
    s = s != null ? s : LookupSamples.read(w);
    s = s != null ? s : RandomnessSamples.read(w);
    s = s != null ? s : RecurrenceSamples.read(w);
    s = s != null ? s : RecurrentStepSamples.read(w);
    s = s != null ? s : UpdateSamples.read(w);
    if (s == null) {
      throw w.error("starts with '" + w.op() + "', which is no op");
    }
    s.types().stream().map(s::op).forEach(w::requireAllUsed);
    return s;
  }

  private static SequencedMap<String, Sample> readAll() {
    var all = new LinkedHashMap<String, Sample>();
    Stream.of(
            ConvolutionSamples.names(),
            PoolingSamples.names(),
            NormalizationSamples.names(),
            PointwiseSamples.names(),
            LinearSamples.names(),
            SoftmaxSamples.names(),
            ReductionSamples.names(),
            MovementSamples.names(),
            LookupSamples.names(),
            RandomnessSamples.names(),
            RecurrenceSamples.names(),
            RecurrentStepSamples.names(),
            UpdateSamples.names())
        .flatMap(List::stream)
        .forEach(name -> {
          if (all.put(name, parse(name)) != null) {
            throw new IllegalStateException("two samples are named '" + name + "'");
          }
        });
    return all;
  }
}
