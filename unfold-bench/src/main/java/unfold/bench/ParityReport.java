package unfold.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import unfold.error.InputException;
import unfold.interop.safetensors.Safetensors;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// How far apart two sides' numbers are, and how far PyTorch's own f32 is from its f64.
///
/// The truth is what PyTorch computes in double. The error of a tensor is |x − truth| / |truth| in
/// Euclidean norms; of a gradient, |x − truth| / |truth of all parameters of its layer|, since the
/// gradient of a bias that the next batch norm takes away again is zero but for rounding.
///
/// @param type in which we computed
/// @param versions of their side
record ParityReport(
    String model, int batch, long seed, DType type, Map<String, String> versions, List<Row> rows) {
  private static final JsonMapper JSON = new JsonMapper();

  /// How many times PyTorch's own f32 error ours may be and still be called rounding.
  private static final double ROUNDING = 4;

  /// The same where we computed in double. Rounding is finer there by 5·10⁸, so that it shrinks
  /// even where a network makes f32's as large as the answer; a mistake stays as large as it is.
  private static final double DOUBLE_ROUNDING = 1e-4;

  /// Prefix of the names of what PyTorch computed in f32.
  private static final String SINGLE = "f32.";

  /// Tensors of one kind.
  ///
  /// @param worst our largest error, of the tensor `name`
  /// @param rounding the largest error of PyTorch's f32, of whatever tensor
  record Row(
      String what, int tensors, double worst, String name, double rounding, List<Each> each) {}

  /// A tensor, the error of ours and that of PyTorch's f32.
  record Each(String name, double error, double rounding) {}

  /// What a report comes to, best first.
  enum Verdict {
    /// every error is within the tolerance
    SAME,
    /// where not, PyTorch's f32 is about as far from its f64 as we are
    ROUNDING,
    DIFFERENT
  }

  ParityReport {
    rows = List.copyOf(rows);
  }

  /// @param type in which we computed
  static ParityReport of(
      ParityTask task, long seed, DType type, Safetensors answer, Map<String, Tensor> ours) {
    var theirs = new LinkedHashMap<String, Tensor>();
    var single = new LinkedHashMap<String, Tensor>();
    answer
        .tensors()
        .forEach((name, t) -> {
          if (name.startsWith(SINGLE)) {
            single.put(name.substring(SINGLE.length()), t);
          } else {
            theirs.put(name, t);
          }
        });
    if (!theirs.keySet().equals(ours.keySet())) {
      throw new InputException("the two sides compared different things: " + only(ours, theirs));
    }
    var rows = new ArrayList<Row>();
    kinds().forEach((what, prefix) -> rows.add(row(what, prefix, ours, single, theirs)));
    rows.removeIf(row -> row.tensors() == 0);
    return new ParityReport(task.model().name(), task.batch(), seed, type, answer.metadata(), rows);
  }

  private static SequencedMap<String, String> kinds() {
    var kinds = new LinkedHashMap<String, String>();
    kinds.put("logits in evaluation", ParityTask.EVALUATION);
    kinds.put("logits in training", ParityTask.TRAINING);
    kinds.put("loss", ParityTask.LOSS);
    kinds.put("gradients", ParityTask.GRADIENT);
    kinds.put("running statistics", ParityTask.AFTER);
    return kinds;
  }

  private static String only(Map<String, Tensor> ours, Map<String, Tensor> theirs) {
    var names = new ArrayList<String>();
    ours.keySet().stream().filter(n -> !theirs.containsKey(n)).forEach(n -> names.add("ours " + n));
    theirs.keySet().stream()
        .filter(n -> !ours.containsKey(n))
        .forEach(n -> names.add("theirs " + n));
    return names.stream().limit(10).collect(Collectors.joining(", "));
  }

  private static Row row(
      String what,
      String prefix,
      Map<String, Tensor> ours,
      Map<String, Tensor> single,
      Map<String, Tensor> theirs) {
    List<String> names = ours.keySet().stream().filter(n -> n.startsWith(prefix)).toList();
    var layers = new HashMap<String, Double>();
    if (prefix.equals(ParityTask.GRADIENT)) {
      names.forEach(n -> layers.merge(layer(n), squares(tensor(theirs, n)), Double::sum));
    }
    var each = new ArrayList<Each>();
    double rounding = 0;
    var worst = new Each("", 0, 0);
    for (String name : names) {
      Tensor wanted = tensor(theirs, name);
      double length = Math.sqrt(layers.getOrDefault(layer(name), squares(wanted)));
      var e =
          new Each(
              name.substring(name.equals(prefix) ? 0 : prefix.length()),
              error(tensor(ours, name), wanted, length),
              error(tensor(single, name), wanted, length));
      each.add(e);
      rounding = Math.max(rounding, e.rounding());
      if (!(e.error() <= worst.error()) || worst.name().isEmpty()) {
        worst = e;
      }
    }
    return new Row(what, names.size(), worst.error(), worst.name(), rounding, each);
  }

  private static String layer(String name) {
    return name.substring(0, name.lastIndexOf('.'));
  }

  private static Tensor tensor(Map<String, Tensor> all, String name) {
    Tensor t = all.get(name);
    if (t == null) {
      throw new InputException("one side did not compute " + name);
    }
    return t;
  }

  private static double error(Tensor ours, Tensor theirs, double length) {
    if (!ours.shape().equals(theirs.shape())) {
      throw new InputException("ours is [" + ours.shape() + "], theirs [" + theirs.shape() + "]");
    }
    double apart = 0;
    for (long i = 0; i < ours.size(); i++) {
      double d = ours.get(i) - theirs.get(i);
      apart += d * d;
    }
    return apart == 0 ? 0 : Math.sqrt(apart) / length;
  }

  private static double squares(Tensor t) {
    double sum = 0;
    for (long i = 0; i < t.size(); i++) {
      sum += t.get(i) * t.get(i);
    }
    return sum;
  }

  /// What is not a number is within no tolerance.
  Verdict verdict(double tolerance) {
    if (rows.stream().allMatch(row -> row.worst() <= tolerance)) {
      return Verdict.SAME;
    }
    double excuse = type == DType.F64 ? DOUBLE_ROUNDING : ROUNDING;
    boolean rounding =
        rows.stream().allMatch(row -> row.worst() <= Math.max(tolerance, excuse * row.rounding()));
    return rounding ? Verdict.ROUNDING : Verdict.DIFFERENT;
  }

  /// The largest error of all tensors, or not a number.
  double worst() {
    return rows.stream().mapToDouble(Row::worst).reduce(0, Math::max);
  }

  String table(double tolerance) {
    var text = new StringBuilder();
    text.append(
        String.format(
            "%s, batch %d, seed %d, %s, beside %s on %s; errors against PyTorch in double%n",
            model, batch, seed, type, versions, Machine.cpu()));
    for (Row row : rows) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %-22s %4d %-7s  error %.1e, of PyTorch's f32 %.1e  %s%n",
              row.what(),
              row.tensors(),
              row.tensors() == 1 ? "tensor" : "tensors",
              row.worst(),
              row.rounding(),
              row.tensors() == 1 ? "" : "(worst: " + row.name() + ")"));
    }
    String said =
        switch (verdict(tolerance)) {
          case SAME -> String.format(Locale.ROOT, "the same within %.0e", tolerance);
          case ROUNDING ->
              type == DType.F64
                  ? "the same but for rounding, which this network makes larger: PyTorch's f32 is"
                      + " more than 10,000 times as far"
                  : "no farther than rounding in f32 goes: PyTorch's own is about as far; --double"
                      + " decides";
          case DIFFERENT -> String.format(Locale.ROOT, "NOT the same within %.0e", tolerance);
        };
    return text.append("  ").append(said).append(System.lineSeparator()).toString();
  }

  /// Every tensor in the order of the network, to see where an error begins.
  String eachTensor() {
    var text = new StringBuilder();
    for (Row row : rows) {
      for (Each e : row.each()) {
        text.append(
            String.format(Locale.ROOT, "  %.1e  %.1e  %s%n", e.error(), e.rounding(), e.name()));
      }
    }
    return text.toString();
  }

  String json(double tolerance) {
    var o = JSON.createObjectNode();
    o.put("model", model);
    o.put("batch", batch);
    o.put("seed", seed);
    o.put("type", type.toString());
    o.put("verdict", verdict(tolerance).name().toLowerCase(Locale.ROOT));
    o.put("tolerance", tolerance);
    var errors = o.putArray("errors");
    for (Row row : rows) {
      var e = errors.addObject();
      e.put("what", row.what());
      e.put("tensors", row.tensors());
      e.put("error", row.worst());
      e.put("peer_f32_error", row.rounding());
      e.put("worst", row.name());
    }
    var peer = o.putObject("peer");
    versions.forEach(peer::put);
    o.put("cpu", Machine.cpu());
    return JSON.writeValueAsString(o);
  }
}
