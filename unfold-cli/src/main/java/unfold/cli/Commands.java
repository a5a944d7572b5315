package unfold.cli;

import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Which commands a start reads: those that its arguments name. picocli learns the options of a
/// command by reflection, which takes 10 to 30 ms for each in a JVM that has just started, and
/// there are more than thirty.
final class Commands {
  private static final List<Class<?>> ALL =
      List.of(
          TrainCommand.class,
          EvalCommand.class,
          PredictCommand.class,
          TransferCommand.class,
          FeaturesCommand.class,
          ShowCommand.class,
          InspectCommand.class,
          GenerateCommand.class,
          TranslateCommand.class,
          SummaryCommand.class,
          GraphCommand.class,
          PlanCommand.class,
          ProfileCommand.class,
          CheckCommand.class,
          DataCommand.class,
          ZooCommand.class,
          ExperimentCommand.class,
          RecipesCommand.class,
          ScheduleCommand.class,
          GradientsCommand.class,
          KnobsCommand.class);

  /// Those that run no network.
  private static final List<Class<?>> READING =
      List.of(
          InspectCommand.class,
          SummaryCommand.class,
          GraphCommand.class,
          DataCommand.class,
          ZooCommand.class,
          RecipesCommand.class,
          ScheduleCommand.class,
          KnobsCommand.class);

  private Commands() {}

  /// Adds the command that the first word names; all of them if it names none, for help and for the
  /// names that somebody may have meant.
  static void add(CommandLine unfold, List<String> arguments) {
    String first = first(arguments);
    boolean known = names(ALL).anyMatch(first::equals);
    add(unfold, ALL, name -> !known || name.equals(first));
    CommandLine train = unfold.getSubcommands().get("train");
    if (train != null) {
      boolean all = !known || arguments.contains("--help") || arguments.contains("-h");
      add(train, TrainCommand.KINDS, name -> all || arguments.contains(name));
    }
  }

  /// Whether the command that is named runs networks, and is not only asked for its help.
  static boolean compute(List<String> arguments) {
    String first = first(arguments);
    return names(ALL).anyMatch(first::equals)
        && names(READING).noneMatch(first::equals)
        && Collections.disjoint(arguments, List.of("--help", "-h"));
  }

  private static String first(List<String> arguments) {
    return arguments.stream().filter(a -> !a.startsWith("-")).findFirst().orElse("");
  }

  static Stream<String> names(List<Class<?>> commands) {
    return commands.stream().map(Commands::name);
  }

  private static void add(CommandLine line, List<Class<?>> commands, Predicate<String> wanted) {
    for (Class<?> command : commands) {
      if (wanted.test(name(command))) {
        line.addSubcommand(command);
      }
    }
  }

  private static String name(Class<?> command) {
    return command.getAnnotation(Command.class).name();
  }
}
