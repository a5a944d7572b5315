package unfold.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import unfold.error.InputException;
import unfold.interop.safetensors.Safetensors;
import unfold.model.Model;
import unfold.tensor.Tensor;

/// How far apart two sides' numbers are.
///
/// The error of a tensor is |ours − theirs| / |theirs| in Euclidean norms; of a gradient, |ours −
/// theirs| / |theirs of all parameters of its layer|, since the gradient of a bias that the next
/// batch norm takes away again is zero but for rounding.
///
/// @param versions of their side
record ParityReport(
    String model, int batch, long seed, Map<String, String> versions, List<Row> rows) {
  private static final JsonMapper JSON = new JsonMapper();

  /// Tensors of one kind.
  ///
  /// @param worst the largest error, of the tensor `name`
  record Row(String what, int tensors, double worst, String name) {}

  ParityReport {
    rows = List.copyOf(rows);
  }

  static ParityReport of(
      Model model, int batch, long seed, Safetensors answer, Map<String, Tensor> ours) {
    Map<String, Tensor> theirs = answer.tensors();
    if (!theirs.keySet().equals(ours.keySet())) {
      throw new InputException("the two sides compared different things: " + only(ours, theirs));
    }
    var rows = new ArrayList<Row>();
    rows.add(row("logits in evaluation", ParityTask.EVALUATION, ours, theirs));
    rows.add(row("logits in training", ParityTask.TRAINING, ours, theirs));
    rows.add(row("loss", ParityTask.LOSS, ours, theirs));
    rows.add(row("gradients", ParityTask.GRADIENT, ours, theirs));
    rows.add(row("running statistics", ParityTask.AFTER, ours, theirs));
    rows.removeIf(row -> row.tensors() == 0);
    return new ParityReport(model.name(), batch, seed, answer.metadata(), rows);
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
      String what, String prefix, Map<String, Tensor> ours, Map<String, Tensor> theirs) {
    List<String> names = ours.keySet().stream().filter(n -> n.startsWith(prefix)).toList();
    var layers = new HashMap<String, Double>();
    if (prefix.equals(ParityTask.GRADIENT)) {
      names.forEach(n -> layers.merge(layer(n), squares(tensor(theirs, n)), Double::sum));
    }
    double worst = 0;
    String worstName = "";
    for (String name : names) {
      Tensor wanted = tensor(theirs, name);
      double whole = layers.getOrDefault(layer(name), squares(wanted));
      double error = error(tensor(ours, name), wanted, Math.sqrt(whole));
      if (!(error <= worst) || worstName.isEmpty()) {
        worst = error;
        worstName = name.substring(name.equals(prefix) ? 0 : prefix.length());
      }
    }
    return new Row(what, names.size(), worst, worstName);
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

  /// Whether every tensor is; what is not a number is not.
  boolean within(double tolerance) {
    return worst() <= tolerance;
  }

  /// The largest error of all tensors, or not a number.
  double worst() {
    return rows.stream().mapToDouble(Row::worst).reduce(0, Math::max);
  }

  String table(double tolerance) {
    var text = new StringBuilder();
    text.append(
        String.format(
            "%s, batch %d, seed %d, f32, beside %s on %s%n",
            model, batch, seed, versions, Machine.cpu()));
    for (Row row : rows) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %-22s %4d %-7s  error %.1e  %s%n",
              row.what(),
              row.tensors(),
              row.tensors() == 1 ? "tensor" : "tensors",
              row.worst(),
              row.tensors() == 1 ? "" : "(worst: " + row.name() + ")"));
    }
    text.append(
        String.format(
            Locale.ROOT,
            within(tolerance) ? "  the same within %.0e%n" : "  NOT the same within %.0e%n",
            tolerance));
    return text.toString();
  }

  String json(double tolerance) {
    var o = JSON.createObjectNode();
    o.put("model", model);
    o.put("batch", batch);
    o.put("seed", seed);
    o.put("within", within(tolerance));
    o.put("tolerance", tolerance);
    var errors = o.putArray("errors");
    for (Row row : rows) {
      var e = errors.addObject();
      e.put("what", row.what());
      e.put("tensors", row.tensors());
      e.put("error", row.worst());
      e.put("worst", row.name());
    }
    var peer = o.putObject("peer");
    versions.forEach(peer::put);
    o.put("cpu", Machine.cpu());
    return JSON.writeValueAsString(o);
  }
}
