package unfold.plan;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import unfold.backend.Call;
import unfold.backend.Workers;

/// Times kernels against each other, each distinct call once, and remembers who won: in memory, in
/// a file of this machine, and in the map that a run keeps with its results.
///
/// The conversions that a kernel's layouts cost count. An earlier option loses only to one that is
/// more than 3 % faster, since less than that is noise. Kernels are timed in turns and their best
/// turn counts, so that a moment in which others use the machine decides nothing. A young JVM
/// compiles for longer than all turns of a call take, and a kernel that waits for a thread to get
/// its processor back looks six times as slow as it is; so the calls of a program are timed again
/// when the whole of it has been planned once.
public final class TimingChooser implements Chooser {
  private static final double NOISE = 0.97;

  /// Of each kernel at either look. A slow one gets them too, and they end early.
  private static final int TURNS = 2;

  private static final int LOOKS = 2;
  private static final int KEY_LENGTH = 400;

  private final Effort effort;
  private final Optional<ChoiceFile> file;
  private final Map<String, String> known = new HashMap<>();
  private final Map<String, String> filed = new HashMap<>();
  private final Map<String, String> used = new TreeMap<>();

  /// The best turns of the kernels of each call, of the plan that is being made.
  private final Map<String, double[]> timed = new HashMap<>();

  private final Map<String, Long> conversionNanos = new HashMap<>();
  private final Stopwatch stopwatch;
  private boolean changed;

  /// How much time is spent.
  ///
  /// @param candidates that are timed at most for a call
  /// @param nanosEach for the runs of one candidate
  public record Effort(int candidates, long nanosEach) {
    /// What the backend believes fastest, untimed.
    public static final Effort NONE = new Effort(1, 0);

    /// The three most promising kernels, 20 ms each.
    public static final Effort QUICK = new Effort(3, 20_000_000);

    /// All kernels, 80 ms each.
    public static final Effort FULL = new Effort(Integer.MAX_VALUE, 80_000_000);
  }

  private TimingChooser(Effort effort, Workers workers, Optional<ChoiceFile> file) {
    this.effort = effort;
    this.file = file;
    this.stopwatch = new Stopwatch(effort.nanosEach() / (TURNS * LOOKS), workers);
  }

  /// Remembers only as long as it lives.
  ///
  /// @param workers the threads that compute
  public static TimingChooser of(Effort effort, Workers workers) {
    return new TimingChooser(effort, workers, Optional.empty());
  }

  /// Remembers in a file as well.
  ///
  /// @param workers the threads that compute
  /// @param directory of the files, made when needed
  /// @param machine whatever timings depend on: CPU, threads, versions of libraries; a file that
  ///   was written for another machine is not read
  public static TimingChooser of(Effort effort, Workers workers, Path directory, String machine) {
    var file = new ChoiceFile(directory, machine);
    var chooser = new TimingChooser(effort, workers, Optional.of(file));
    chooser.filed.putAll(file.read());
    return chooser;
  }

  /// Takes the choices of an earlier run before any that it would make itself.
  public TimingChooser startingFrom(Map<String, String> choices) {
    known.putAll(choices);
    return this;
  }

  @Override
  public void begin(long bytes) {
    stopwatch.begin(bytes);
  }

  @Override
  public int choose(Call call, List<Option> options) {
    if (options.size() == 1) {
      return 0;
    }
    String key = key(call);
    var labels = labels(options);
    int chosen = labels.indexOf(known.getOrDefault(key, ""));
    if (chosen < 0) {
      chosen = labels.indexOf(filed.getOrDefault(key, ""));
      // A backend that is preferred by now may have learned the op since the file was written.
      if (chosen < 0 || !preferred(options, chosen)) {
        chosen = fastest(call, key, options, labels);
        changed = true;
      }
      known.put(key, labels.get(chosen));
    }
    used.put(key, labels.get(chosen));
    return chosen;
  }

  @Override
  public Map<String, String> choices() {
    return Collections.unmodifiableMap(new TreeMap<>(used));
  }

  @Override
  public boolean reconsiders() {
    known.keySet().removeAll(timed.keySet());
    used.keySet().removeAll(timed.keySet());
    filed.keySet().removeAll(timed.keySet());
    conversionNanos.clear();
    return !timed.isEmpty();
  }

  @Override
  public void rest() {
    stopwatch.release();
    timed.clear();
    if (changed && file.isPresent()) {
      file.get().add(used);
      changed = false;
    }
  }

  private int fastest(Call call, String key, List<Option> options, List<String> labels) {
    var promising = promising(options);
    if (promising.size() == 1) {
      return promising.getFirst();
    }
    double[] nanos = timed.computeIfAbsent(key, _ -> untimed(options.size()));
    double least = Arrays.stream(nanos).min().orElseThrow();
    for (int turn = 0; turn < TURNS; turn++) {
      for (int i : turn % 2 == 0 ? promising : promising.reversed()) {
        nanos[i] = Math.min(nanos[i], nanos(call, options.get(i), labels.get(i), least));
        least = Math.min(least, nanos[i]);
      }
    }
    int best = promising.getFirst();
    for (int i : promising) {
      if (nanos[i] < NOISE * nanos[best]) {
        best = i;
      }
    }
    return best;
  }

  private static double[] untimed(int options) {
    double[] nanos = new double[options];
    Arrays.fill(nanos, Double.MAX_VALUE);
    return nanos;
  }

  /// Of one turn, with the conversions that it takes.
  private double nanos(Call call, Option option, String label, double limit) {
    long converting = 0;
    for (var hop : option.conversions()) {
      converting += nanos(hop, !hop.backend().equals(option.backend().name()));
    }
    long most = (long) Math.min(Long.MAX_VALUE, limit);
    return converting + stopwatch.nanos(call, option.candidate(), base(label), most);
  }

  private long nanos(Conversions.Hop hop, boolean inJava) {
    String key = hop.backend() + hop.from() + hop.fromLayout() + hop.type() + hop.layout();
    Long known = conversionNanos.get(key);
    if (known == null) {
      known = stopwatch.nanos(hop, inJava);
      conversionNanos.put(key, known);
    }
    return known;
  }

  /// The first kernels of the most preferred backend, if they do not yield. Those of others are not
  /// timed against it: a kernel in Java is many times slower in its first calls, before it is
  /// compiled, than ever after, so a short race against native code would say nothing.
  private List<Integer> promising(List<Option> options) {
    return IntStream.range(0, options.size())
        .filter(i -> preferred(options, i))
        .limit(effort.candidates())
        .boxed()
        .toList();
  }

  private static boolean preferred(List<Option> options, int i) {
    Option first = options.getFirst();
    return options.get(i).backend().name().equals(first.backend().name())
        && options.get(i).candidate().yields() == first.candidate().yields();
  }

  /// Labels made unique by a number behind those that repeat.
  private static List<String> labels(List<Option> options) {
    var labels = new ArrayList<String>();
    var counts = new LinkedHashMap<String, Integer>();
    for (Option o : options) {
      int count = counts.merge(o.label(), 1, Integer::sum);
      labels.add(count == 1 ? o.label() : o.label() + "#" + count);
    }
    return labels;
  }

  private static String base(String label) {
    int hash = label.indexOf('#');
    return hash < 0 ? label : label.substring(0, hash);
  }

  /// The call in words; the end of a very long one as a digest.
  static String key(Call call) {
    var text = new StringBuilder(call.op().name());
    text.append(' ').append(call.op().attributes()).append(" |");
    for (int i = 0; i < call.inputs().size(); i++) {
      text.append(' ').append(Layouts.show(call.layouts().get(i), call.inputs().get(i)));
    }
    text.append(" ->");
    for (int i = 0; i < call.outputs().size(); i++) {
      text.append(' ').append(call.wanted().get(i) ? call.outputs().get(i) : "-");
    }
    String key = text.toString().replaceAll("\\s+", " ");
    return key.length() <= KEY_LENGTH ? key : key.substring(0, KEY_LENGTH) + "…" + digest(key);
  }

  /// FNV-1a, 64 bits: it only tells names apart, and the first digest of Java's own loads its
  /// security providers, which takes 50 ms of a start.
  static String digest(String text) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return HexFormat.of().toHexDigits(hash);
  }
}
