package unfold.train;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import unfold.config.Machine;

/// Where a run's weights come from, and what decides their bits beside the config:
/// `provenance.json`.
///
/// @param command what was asked, as text
/// @param recipe how it learned, the seed included
/// @param trainData fingerprint of what was learned from
/// @param heldOut fingerprint of those that the best epoch is chosen by; empty if there are none
/// @param precision as it was resolved
/// @param weights what the run started from, if not from random numbers
/// @param kernels the choices of kernels that were made, so that a resumed run makes the same
/// @param sittings one at the start, and one each time the run was resumed
public record Provenance(
    String command,
    String trainData,
    String heldOut,
    RunConfig.Recipe recipe,
    String precision,
    int threads,
    Optional<Origin> weights,
    Map<String, String> kernels,
    List<Sitting> sittings) {
  /// What files of older versions leave out.
  static final String OLDER =
      """
      {"recipe": {"clipValue": 0}, "weights": null}\
      """;

  public Provenance {
    kernels = Collections.unmodifiableMap(new TreeMap<>(kernels));
    sittings = List.copyOf(sittings);
  }

  /// A file of weights.
  ///
  /// @param sha256 of the file
  /// @param loaded how many tensors of it the network took
  /// @param fresh those that it began anew
  public record Origin(String file, String sha256, int loaded, List<String> fresh) {
    public Origin {
      fresh = List.copyOf(fresh);
    }
  }

  /// One process that worked on the run.
  ///
  /// @param started time in UTC
  /// @param step that it began from
  /// @param backends who computed, with versions
  public record Sitting(
      String started,
      long step,
      String unfold,
      String java,
      String system,
      String processor,
      List<String> backends) {
    public Sitting {
      backends = List.copyOf(backends);
    }

    /// Now, here.
    static Sitting now(long step, List<String> backends) {
      return new Sitting(
          Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
          step,
          library(),
          Runtime.version().toString(),
          System.getProperty("os.name")
              + " "
              + System.getProperty("os.version")
              + " "
              + System.getProperty("os.arch"),
          Machine.here().cpu(),
          backends);
    }

    /// The version of the library, or `development` outside of a jar.
    private static String library() {
      try (var in =
          Provenance.class.getResourceAsStream(
              "/META-INF/maven/dev.unfold/unfold-train/pom.properties")) {
        var properties = new Properties();
        if (in != null) {
          properties.load(in);
        }
        return properties.getProperty("version", "development");
      } catch (IOException _) {
        return "development";
      }
    }
  }

  Provenance kernels(Map<String, String> all) {
    return new Provenance(
        command, trainData, heldOut, recipe, precision, threads, weights, all, sittings);
  }

  /// @param now the recipe may have got more epochs since the last sitting
  Provenance sitting(RunConfig.Recipe now, Sitting next) {
    var all = new ArrayList<>(sittings);
    all.add(next);
    return new Provenance(
        command, trainData, heldOut, now, precision, threads, weights, kernels, all);
  }
}
