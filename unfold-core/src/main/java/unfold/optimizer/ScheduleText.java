package unfold.optimizer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unfold.error.InputException;
import unfold.error.Nearest;
import unfold.optimizer.Schedule.Constant;
import unfold.optimizer.Schedule.Cosine;
import unfold.optimizer.Schedule.Exponential;
import unfold.optimizer.Schedule.MultiStep;
import unfold.optimizer.Schedule.OneCycle;
import unfold.optimizer.Schedule.Plateau;
import unfold.optimizer.Schedule.Step;
import unfold.optimizer.Schedule.WarmUp;

/// Schedules as words: `name`, or `name(number,…,key=number,…)`.
final class ScheduleText {
  private static final String FORMS =
      "constant, step(30,0.1), multistep(100,150,gamma=0.1), exponential(0.95,hold=1),"
          + " plateau(0.1,patience=10), cosine, onecycle, or any of them with warmup=STEPS";

  private static final List<String> NAMES =
      List.of("constant", "step", "multistep", "exponential", "plateau", "cosine", "onecycle");

  private final String text;
  private final List<Double> numbers = new ArrayList<>();
  private final Map<String, Double> keys = new LinkedHashMap<>();

  private ScheduleText(String text) {
    this.text = text;
  }

  static Schedule parse(String text) {
    return new ScheduleText(text.strip()).schedule();
  }

  private Schedule schedule() {
    int open = text.indexOf('(');
    if (open >= 0 && !text.endsWith(")")) {
      throw error("the closing parenthesis is missing");
    }
    String name = open < 0 ? text : text.substring(0, open);
    if (open >= 0) {
      for (String word : text.substring(open + 1, text.length() - 1).split(",")) {
        argument(word.strip());
      }
    }
    double warmup = take("warmup", 0);
    Schedule main =
        switch (name) {
          case "constant" -> new Constant();
          case "step" -> new Step((int) next("every", 30), next("gamma", 0.1));
          case "multistep" -> multiStep();
          case "exponential" -> new Exponential(next("gamma", 0.95), (int) next("hold", 1));
          case "plateau" -> new Plateau(next("gamma", 0.1), (int) next("patience", 10));
          case "cosine" -> new Cosine(next("floor", 0));
          case "onecycle" -> new OneCycle(next("up", 0.3), next("start", 25), next("end", 1e4));
          default ->
              throw error("there is no schedule '" + name + "'" + Nearest.meant(name, NAMES));
        };
    if (!numbers.isEmpty() || !keys.isEmpty()) {
      var left = new ArrayList<String>(keys.keySet());
      numbers.forEach(n -> left.add(number(n)));
      throw error("what is " + String.join(", ", left) + "?");
    }
    return main.warmup((long) warmup);
  }

  private MultiStep multiStep() {
    double gamma = take("gamma", 0.1);
    var milestones = numbers.stream().map(Double::intValue).toList();
    numbers.clear();
    return new MultiStep(milestones, gamma);
  }

  private void argument(String word) {
    int equals = word.indexOf('=');
    double number;
    try {
      number = Double.parseDouble(word.substring(equals + 1));
    } catch (NumberFormatException _) {
      throw error("'" + word + "' is no number");
    }
    if (equals < 0) {
      numbers.add(number);
    } else if (keys.put(word.substring(0, equals).strip(), number) != null) {
      throw error("'" + word + "' is given twice");
    }
  }

  /// An argument by its key, else by its place.
  private double next(String key, double otherwise) {
    if (keys.containsKey(key) || numbers.isEmpty()) {
      return take(key, otherwise);
    }
    return numbers.removeFirst();
  }

  private double take(String key, double otherwise) {
    Double value = keys.remove(key);
    return value == null ? otherwise : value;
  }

  private InputException error(String problem) {
    return new InputException("schedule '" + text + "': " + problem + "; forms: " + FORMS);
  }

  static String print(Schedule schedule) {
    var words = new ArrayList<String>();
    String name = print(schedule, words);
    return words.isEmpty() ? name : name + "(" + String.join(",", words) + ")";
  }

  private static String print(Schedule schedule, List<String> words) {
    return switch (schedule) {
      case Constant() -> "constant";
      case Step(int every, double gamma) -> {
        Collections.addAll(words, Integer.toString(every), number(gamma));
        yield "step";
      }
      case MultiStep(List<Integer> milestones, double gamma) -> {
        milestones.forEach(m -> words.add(m.toString()));
        words.add("gamma=" + number(gamma));
        yield "multistep";
      }
      case Exponential(double gamma, int hold) -> {
        words.add(number(gamma));
        unless(1, hold, "hold", words);
        yield "exponential";
      }
      case Plateau(double gamma, int patience) -> {
        Collections.addAll(words, number(gamma), "patience=" + patience);
        yield "plateau";
      }
      case Cosine(double floor) -> {
        unless(0, floor, "floor", words);
        yield "cosine";
      }
      case OneCycle(double up, double start, double end) -> {
        unless(0.3, up, "up", words);
        unless(25, start, "start", words);
        unless(1e4, end, "end", words);
        yield "onecycle";
      }
      case WarmUp(long steps, Schedule then) -> {
        String name = print(then, words);
        words.add("warmup=" + steps);
        yield name;
      }
    };
  }

  private static void unless(double usual, double value, String key, List<String> words) {
    if (value != usual) {
      words.add(key + "=" + number(value));
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
