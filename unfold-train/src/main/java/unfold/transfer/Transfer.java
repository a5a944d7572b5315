package unfold.transfer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import unfold.data.Dataset;
import unfold.engine.Engine;
import unfold.error.InputException;
import unfold.inspect.BarSheet;
import unfold.inspect.Features.Form;
import unfold.inspect.Sheet;
import unfold.model.Depth;
import unfold.random.Stream;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;
import unfold.train.Trained;

/// The linear probes of a network's depths on a new task, side by side.
///
/// @param network its name
/// @param pictures of the task to learn from, of which the probes saw `probed`
/// @param places all depths that the network has, of which some were probed
/// @param measured pictures that accuracies are of
/// @param half accuracy of the best depth's probe that learned from half of the pictures
public record Transfer(
    String network,
    String data,
    List<String> classes,
    int pictures,
    int probed,
    int measured,
    int places,
    List<AtDepth> depths,
    double half,
    Verdict verdict) {
  /// Ten pictures for each feature are much, two are little, and so are fewer than 100 of a class.
  private static final double MUCH = 10;

  private static final int LEAST_OF_A_CLASS = 100;

  private static final double LITTLE = 2;

  /// A depth with its probe.
  public record AtDepth(Depth depth, LinearProbe probe) {}

  /// How to measure.
  ///
  /// @param depths at most so many, spread evenly
  /// @param pictures at most so many of the task's to learn from, and to measure on, chosen by seed
  /// @param batch pictures computed at once
  /// @param threads that prepare pictures meanwhile
  public record Asked(int depths, int pictures, int batch, int threads, long seed) {
    public Asked {
      if (depths < 1 || pictures < 2 || batch < 1 || threads < 0) {
        throw new InputException(
            "a transfer needs at least 1 depth, 2 pictures and a batch of 1, not "
                + depths
                + ", "
                + pictures
                + " and "
                + batch);
      }
    }

    /// All depths of usual networks, 2,000 pictures.
    public static final Asked USUAL = new Asked(16, 2000, 16, 1, 1);
  }

  public Transfer {
    classes = List.copyOf(classes);
    depths = List.copyOf(depths);
  }

  /// @param train pictures of the task to learn from
  /// @param measured pictures to measure on
  public static Transfer measure(Trained network, Dataset train, Dataset measured, Asked asked) {
    List<Depth> all = Depth.of(network.model());
    List<Depth> depths = Depth.spread(all, asked.depths());
    List<String> layers = depths.stream().map(Depth::layer).toList();
    Dataset some = some(train, asked);
    Dataset other = some(measured, asked);
    Engine engine = network.engine();
    var in =
        SetFeatures.of(network, engine, some, layers, Form.POOLED, asked.batch(), asked.threads());
    var out =
        SetFeatures.of(network, engine, other, layers, Form.POOLED, asked.batch(), asked.threads());
    int classes = train.classes().size();
    var probes = new ArrayList<AtDepth>();
    for (Depth d : depths) {
      Tensor x = in.value(d.layer());
      Tensor z = out.value(d.layer());
      probes.add(
          new AtDepth(d, LinearProbe.fit(x, in.labels(), z, out.labels(), classes, asked.seed())));
    }
    AtDepth best = best(probes);
    LinearProbe half = half(in, out, best.depth().layer(), classes, asked.seed());
    Verdict verdict = verdict(all, probes, best, half, train.size(), some.size(), classes);
    return new Transfer(
        network.model().name(),
        train.name(),
        train.classes(),
        train.size(),
        some.size(),
        other.size(),
        all.size(),
        probes,
        half.accuracy(),
        verdict);
  }

  private static Dataset some(Dataset set, Asked asked) {
    if (set.size() <= asked.pictures()) {
      return set;
    }
    int[] items = Stream.of(asked.seed(), "transfer/some", 0).permutation(set.size());
    return set.subset(Arrays.copyOf(items, asked.pictures()));
  }

  /// The depth with the highest accuracy; of equal ones that with the smallest loss.
  private static AtDepth best(List<AtDepth> probes) {
    return probes.stream()
        .max(
            Comparator.comparingDouble((AtDepth a) -> a.probe().accuracy())
                .thenComparingDouble(a -> -a.probe().loss()))
        .orElseThrow();
  }

  /// A probe that learned from every second picture of each class.
  private static LinearProbe half(
      SetFeatures in, SetFeatures out, String layer, int classes, long seed) {
    var seen = new HashMap<Integer, Integer>();
    var items = new ArrayList<Integer>();
    for (int i = 0; i < in.labels().size(); i++) {
      if (seen.merge(in.labels().get(i), 1, Integer::sum) % 2 == 1) {
        items.add(i);
      }
    }
    Tensor all = in.value(layer);
    int d = Math.toIntExact(all.size() / all.shape().dim(0));
    Tensor x = Tensor.zeros(TensorType.f32(items.size(), d));
    for (int r = 0; r < items.size(); r++) {
      for (int j = 0; j < d; j++) {
        x.set((long) r * d + j, all.get((long) items.get(r) * d + j));
      }
    }
    List<Integer> labels = items.stream().map(in.labels()::get).toList();
    return LinearProbe.fit(x, labels, out.value(layer), out.labels(), classes, seed);
  }

  private static Verdict verdict(
      List<Depth> all,
      List<AtDepth> probes,
      AtDepth best,
      LinearProbe half,
      int pictures,
      int probed,
      int classes) {
    AtDepth top = probes.getLast();
    var reasons = new ArrayList<String>();
    boolean similar = !beyondChance(best.probe(), top.probe());
    reasons.add(
        String.format(
            Locale.ROOT,
            "on the top (%s) a linear classifier gets %.1f %%, at best (%s) %.1f %%: %s",
            top.depth().name(),
            100 * top.probe().accuracy(),
            best.depth().name(),
            100 * best.probe().accuracy(),
            best == top
                ? "the top is best, so what the network knows fits this task"
                : similar
                    ? "no more apart than chance explains, so what the network knows fits this task"
                    : "more apart than chance explains, so the top has become special to another"
                        + " task"));
    double ratio = (double) pictures / best.probe().features();
    boolean gains = beyondChance(best.probe(), half);
    boolean some = pictures / classes >= LEAST_OF_A_CLASS;
    boolean much = some && (ratio >= MUCH || ratio >= LITTLE && !gains);
    reasons.add(
        String.format(
            Locale.ROOT,
            "%,d pictures are %,d a class (fewer than %d are little) and %.1f for each of the %,d"
                + " features of %s (%.0f or more are much, fewer than %.0f little)",
            pictures,
            pictures / classes,
            LEAST_OF_A_CLASS,
            ratio,
            best.probe().features(),
            best.depth().name(),
            MUCH,
            LITTLE));
    reasons.add(
        String.format(
            Locale.ROOT,
            "from half of the %,d pictures the probe gets %.1f %%: the other half helped %s",
            probed,
            100 * half.accuracy(),
            gains ? "more than chance explains" : "no more than chance explains"));
    return new Verdict(
        much, similar, advice(much, similar, best), reasons, freeze(much, similar, best, all));
  }

  private static String advice(boolean much, boolean similar, AtDepth best) {
    if (!much) {
      return similar
          ? "train a linear classifier on the top and leave the network as it is"
          : "train a linear classifier on " + best.depth().name() + " and drop what is above";
    }
    return similar
        ? "start from these weights and fine-tune the last few layers"
        : "start from these weights and fine-tune most layers, the lower ones slowly";
  }

  private static String freeze(boolean much, boolean similar, AtDepth best, List<Depth> all) {
    if (!much) {
      return similar
          ? "backbone"
          : Integer.toString(Math.min(all.indexOf(best.depth()) + 1, all.size() - 1));
    }
    return similar ? Integer.toString(Math.max(1, 2 * all.size() / 3)) : "";
  }

  /// Options of `train` that follow from the verdict: what is frozen or slow, and a batch of which
  /// an epoch has five or more.
  public String training() {
    String learning =
        verdict.freeze().isEmpty() ? "--layer-rates 0.7" : "--freeze " + verdict.freeze();
    return learning + " --batch " + Math.clamp(pictures / 5, 1, 32);
  }

  /// Options of `train` for all that the data allows: first the top alone, then the upper third of
  /// the depths, and where data is much or the task different at last all; each depth slower than
  /// the one above it.
  ///
  /// @param epochs of the whole training, at least 3
  public String fineTuning(int epochs) {
    if (epochs < 3) {
      throw new InputException("fine-tuning in phases needs at least 3 epochs, not " + epochs);
    }
    boolean whole = verdict.much() || !verdict.similar();
    int third = Math.max(1, 2 * places / 3);
    int first = whole ? epochs / 3 : epochs / 2;
    String steps =
        places < 3
            ? first + "=0"
            : first + "=" + third + (whole ? "," + 2 * epochs / 3 + "=0" : "");
    return "--unfreeze "
        + steps
        + " --layer-rates 0.7 --epochs "
        + epochs
        + " --batch "
        + Math.clamp(pictures / 5, 1, 32);
  }

  /// Whether one probe is better than another on the same pictures by more than chance explains
  /// (two deviations, McNemar).
  static boolean beyondChance(LinearProbe better, LinearProbe worse) {
    int gained = 0;
    int lost = 0;
    for (int i = 0; i < better.right().size(); i++) {
      gained += better.right().get(i) && !worse.right().get(i) ? 1 : 0;
      lost += !better.right().get(i) && worse.right().get(i) ? 1 : 0;
    }
    return gained - lost > 2 * Math.sqrt(gained + lost);
  }

  /// The best depth.
  public AtDepth best() {
    return best(depths);
  }

  /// All of it as text: a row for each depth, then the verdict with its reasons.
  public String text() {
    var text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s on %s: %d classes, %,d pictures to learn from, %,d to measure on%n%n",
            network,
            data,
            classes.size(),
            probed,
            measured));
    int wide = depths.stream().mapToInt(a -> a.depth().name().length()).max().orElse(0);
    String form = "%-" + Math.max(5, wide) + "s  %-12s %8s %8s %10s %10s%n";
    text.append(
        String.format(
            Locale.ROOT, form, "depth", "output", "features", "l2", "learned", "accuracy"));
    for (AtDepth a : depths) {
      text.append(
          String.format(
              Locale.ROOT,
              form,
              a.depth().name(),
              a.depth().output().toString().replace('x', '×'),
              a.probe().features(),
              String.format(Locale.ROOT, "%.1e", a.probe().l2()),
              String.format(Locale.ROOT, "%.1f %%", 100 * a.probe().training()),
              String.format(Locale.ROOT, "%.1f %%", 100 * a.probe().accuracy())));
    }
    text.append('\n').append(verdict.cell()).append(": ").append(verdict.advice()).append('\n');
    verdict.reasons().forEach(r -> text.append("  - ").append(r).append('\n'));
    return text.toString();
  }

  /// Accuracy by depth, as a sheet.
  public Sheet sheet() {
    var bars = new ArrayList<BarSheet.Bar>();
    for (AtDepth a : depths) {
      Shape s = a.depth().output();
      bars.add(
          new BarSheet.Bar(
              a.depth().name(),
              s.toString().replace('x', '×'),
              a.probe().accuracy(),
              a.probe().training()));
    }
    return BarSheet.of(
        network + " on " + data + ": linear probes by depth",
        String.format(
            Locale.ROOT,
            "%,d pictures to learn from, %,d to measure on; bars: accuracy on these, lines: on"
                + " those learned from",
            probed,
            measured),
        verdict.cell() + ": " + verdict.advice(),
        bars,
        1.0 / classes.size());
  }
}
