package unfold.bench;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import unfold.error.InputException;

/// One configuration in numbers; the fields that the peers' scripts print have their names.
///
/// @param stepSeconds median of the timed steps
/// @param peakRssMb most memory the process had, as the system counts it
/// @param planMb what the plan said before the first step: arena, states, constants, scratch
/// @param faultsPerStep page faults of a timed step (minor ones)
/// @param heapBytesPerStep bytes a timed step allocated on the Java heap
/// @param firstStepSeconds from the start of the process to the end of the first step
record Measurement(
    String mode,
    String model,
    int batch,
    String config,
    int threads,
    double itemsPerSecond,
    double stepSeconds,
    long peakRssMb,
    long planMb,
    double faultsPerStep,
    double heapBytesPerStep,
    double firstStepSeconds,
    String cpu) {
  private static final JsonMapper JSON = new JsonMapper();

  String json() {
    var o = JSON.createObjectNode();
    o.put("framework", "unfold");
    o.put("mode", mode);
    o.put("model", model);
    o.put("batch", batch);
    o.put("config", config);
    o.put("threads", threads);
    o.put("items_per_s", round(itemsPerSecond, 2));
    o.put("step_s", round(stepSeconds, 6));
    o.put("peak_rss_mb", peakRssMb);
    o.put("plan_mb", planMb);
    o.put("faults_per_step", round(faultsPerStep, 2));
    o.put("heap_bytes_per_step", round(heapBytesPerStep, 1));
    o.put("first_step_s", round(firstStepSeconds, 3));
    o.put("cpu", cpu);
    return JSON.writeValueAsString(o);
  }

  static Measurement parse(String line) {
    JsonNode o = JSON.readTree(line);
    return new Measurement(
        o.path("mode").stringValue(""),
        o.path("model").stringValue(""),
        o.path("batch").intValue(0),
        o.path("config").stringValue(""),
        o.path("threads").intValue(0),
        o.path("items_per_s").doubleValue(0),
        o.path("step_s").doubleValue(0),
        o.path("peak_rss_mb").longValue(0),
        o.path("plan_mb").longValue(0),
        o.path("faults_per_step").doubleValue(0),
        o.path("heap_bytes_per_step").doubleValue(0),
        o.path("first_step_s").doubleValue(0),
        o.path("cpu").stringValue(""));
  }

  static Measurement best(List<Measurement> all) {
    return all.stream()
        .max(Comparator.comparingDouble(Measurement::itemsPerSecond))
        .orElseThrow(() -> new InputException("nothing was measured"));
  }

  /// Items a second of a peer's last line, `{"best": {…}}`.
  static double peerBest(String line) {
    double items = JSON.readTree(line).path("best").path("items_per_s").doubleValue(0);
    if (!(items > 0)) {
      throw new InputException("the peer's last line has no best configuration: " + line);
    }
    return items;
  }

  private static double round(double value, int digits) {
    return Double.parseDouble(String.format(Locale.ROOT, "%." + digits + "f", value));
  }
}
