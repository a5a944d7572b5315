package unfold.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Holds the direction of the arrows between packages, over the compiled classes of all modules.
///
/// It stands in the last module, so that all others are compiled when it runs. It asks `jdeps`,
/// which also sees types that occur only as `case` labels.
final class ArchitectureTest {
  /// Package | packages of Unfold that it may use | libraries that it may use. Names are below
  /// `unfold.`; `x.*` stands for any package under `x`, `core` for those of [#CORE]. The JDK's
  /// exported packages, a package's own classes and the leaves are free to all.
  private static final String TABLE =
      """
      error     |                                                  |
      random    |                                                  |
      config    |                                                  |
      memory    |                                                  |
      tensor    |                                                  |
      op        | tensor                                           |
      graph     | op tensor                                        |
      trace     | graph op tensor                                  |
      layer     | trace op tensor                                  |
      optimizer | layer trace op tensor                            |
      autodiff  | graph op tensor                                  |
      backend   | op tensor                                        |
      backend.composed  | backend op tensor                         |
      backend.reference | backend graph op tensor                   |
      backend.* | backend op tensor                                | jdk.incubator.vector
      pass      | graph op tensor backend                          |
      plan      | graph op tensor backend                          |
      run       | plan backend graph op tensor                     |
      model     | layer trace graph op tensor plan run pass autodiff |
      data      | data.* tensor                                    |
      data.*    | data.image tensor                                |
      metric    | tensor                                           |
      inspect   | core engine data.image                           |
      engine    | core backend.composed                            |
      interop   | model graph op tensor                            |
      interop.weights | interop interop.safetensors interop.torch model trace graph op tensor |
      interop.* | interop model graph op tensor                    | jackson
      train     | core data.augment data.fetch data.image engine inspect interop interop.safetensors interop.weights | jackson org.knowm.xchart
      train.text | core data.text engine inspect interop train      | jackson
      train.translate | core data.text engine inspect train train.text   |
      train.caption | core data.image data.text engine train train.text |
      train.*   | core data.digits data.text engine train train.text | jackson
      transfer  | core data.image engine inspect interop.safetensors train |
      experiment | core engine train                               |
      zoo       | layer model                                      |
      zoo.*     | zoo layer model trace tensor                     |
      testkit   | core engine inspect backend.reference            | org.junit org.assertj org.opentest4j
      cli       | core engine inspect backend.* interop interop.* train train.* transfer experiment zoo zoo.* testkit data.* | jackson picocli org.slf4j ch.qos.logback
      bench     | core engine inspect backend.* interop interop.* train train.* zoo zoo.* testkit | jackson picocli org.openjdk.jmh
      bench.*   | bench core data.digits data.text engine train train.translate zoo.sequence | org.openjdk.jmh
      """;

  /// The packages of unfold-core between the leaves and the engine.
  private static final String CORE =
      "tensor op graph trace layer optimizer autodiff backend pass plan run model data metric";

  /// What every package may use; a leaf itself may use only `error`.
  private static final Set<String> LEAVES = Set.of("error", "random", "config", "memory");

  /// The Vector API incubates, so only this one of the backends may touch it.
  private static final String VECTOR_BACKEND = "backend.vector";

  private record Row(String name, List<String> uses, List<String> libraries) {
    boolean describes(String unfoldPackage) {
      return matches(name, unfoldPackage);
    }
  }

  /// One class that uses another; `location` is the JDK module, or "not found" for a library.
  private record Use(String user, String used, String location) {}

  private static final Pattern JDEPS_LINE = Pattern.compile("^ +(unfold\\.\\S+) +-> (\\S+) +(.+)$");
  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

  private static List<Row> table;
  private static Map<String, List<Use>> usesByModule;

  @BeforeAll
  static void readTableAndClasses() throws IOException {
    table = TABLE.lines().map(ArchitectureTest::row).toList();
    usesByModule = new LinkedHashMap<>();
    Path root = root();
    Matcher module = MODULE.matcher(Files.readString(root.resolve("pom.xml")));
    while (module.find()) {
      usesByModule.put(module.group(1), uses(root.resolve(module.group(1))));
    }
  }

  @Test
  void everyPackageIsInTheTable() {
    Set<String> unknown = new TreeSet<>();
    all().map(use -> packageOf(use.user())).filter(p -> rowOf(p).isEmpty()).forEach(unknown::add);
    assertThat(unknown).as("packages without a row in ArchitectureTest.TABLE: add one").isEmpty();
  }

  @Test
  void everyArrowIsInTheTable() {
    Set<String> wrong = new TreeSet<>();
    all().forEach(use -> complaint(use).ifPresent(wrong::add));
    assertThat(wrong).as("arrows between packages that the table does not have").isEmpty();
  }

  @Test
  void everyModuleWasRead() {
    // A new layout of the build must not turn this test into one that reads nothing.
    assertThat(usesByModule).hasSizeGreaterThanOrEqualTo(9);
    assertThat(usesByModule).allSatisfy((module, uses) -> assertThat(uses).as(module).isNotEmpty());
  }

  @Test
  void theTableHasNoCycle() {
    List<Row> left = new ArrayList<>(table);
    while (left.removeIf(
        row -> left.stream().noneMatch(other -> other != row && uses(row, other)))) {
      // Each round takes away the rows that use nothing that is left.
    }
    assertThat(left.stream().map(Row::name)).as("rows that use each other in a circle").isEmpty();
  }

  private static boolean uses(Row row, Row other) {
    return row.uses().stream().anyMatch(used -> used.equals(other.name()) || other.describes(used));
  }

  private static Optional<String> complaint(Use use) {
    String user = packageOf(use.user());
    Optional<Row> row = rowOf(user);
    if (row.isEmpty() || mayUse(row.get(), user, use)) {
      return Optional.empty();
    }
    return Optional.of(
        "%s uses %s, but %s may use only %s; turn the arrow, or argue for a change of the table"
            .formatted(
                use.user(),
                use.used(),
                "unfold." + user,
                Stream.of(
                        row.get().uses(), row.get().libraries(), List.of("the JDK and the leaves"))
                    .flatMap(List::stream)
                    .collect(Collectors.joining(", "))));
  }

  private static boolean mayUse(Row row, String user, Use use) {
    if (!use.used().startsWith("unfold.")) {
      return mayUseLibrary(row, user, use);
    }
    String used = packageOf(use.used());
    boolean leaf = LEAVES.contains(user) ? used.equals("error") : LEAVES.contains(used);
    return used.equals(user)
        || leaf
        || row.uses().stream().anyMatch(allowed -> matches(allowed, used));
  }

  private static boolean mayUseLibrary(Row row, String user, Use use) {
    if (use.used().startsWith("jdk.incubator.") && !user.equals(VECTOR_BACKEND)) {
      return false;
    }
    boolean exportedByJdk = use.location().matches("(java|jdk)\\.[a-z.]+");
    return exportedByJdk
        || use.used().startsWith("org.jspecify.annotations.")
        || row.libraries().stream().anyMatch(library -> use.used().startsWith(library + "."));
  }

  private static Stream<Use> all() {
    return usesByModule.values().stream().flatMap(List::stream);
  }

  private static Optional<Row> rowOf(String unfoldPackage) {
    return table.stream().filter(row -> row.describes(unfoldPackage)).findFirst();
  }

  private static boolean matches(String pattern, String unfoldPackage) {
    return pattern.endsWith(".*")
        ? unfoldPackage.startsWith(pattern.substring(0, pattern.length() - 1))
        : unfoldPackage.equals(pattern);
  }

  /// `unfold.backend.onednn.Conv$1` is in `backend.onednn`.
  private static String packageOf(String className) {
    int end = className.lastIndexOf('.');
    return end < "unfold.".length() ? "" : className.substring("unfold.".length(), end);
  }

  private static Row row(String line) {
    String[] columns = line.split("\\|", -1);
    return new Row(
        columns[0].strip(),
        words(columns[1].replaceFirst("\\bcore\\b", CORE)),
        words(columns[2].replaceFirst("\\bjackson\\b", "tools.jackson com.fasterxml.jackson")));
  }

  private static List<String> words(String column) {
    return Arrays.stream(column.strip().split(" +")).filter(word -> !word.isEmpty()).toList();
  }

  private static Path root() {
    // Surefire runs in the module's folder, an IDE perhaps in the root.
    Path here = Path.of("").toAbsolutePath();
    return Files.isDirectory(here.resolve("unfold-core"))
        ? here
        : here.resolveSibling(".").normalize();
  }

  private static List<Use> uses(Path module) {
    Path classes = module.resolve("target/classes");
    assertThat(classes).as("compile all modules first: ./mvnw -pl unfold-bench -am test").exists();
    StringWriter out = new StringWriter();
    StringWriter errors = new StringWriter();
    int status =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(
                new PrintWriter(out),
                new PrintWriter(errors),
                "-verbose:class",
                "-filter:none",
                classes.toString());
    assertThat(status).as("jdeps on " + module + ": " + out + errors).isZero();
    return out.toString()
        .lines()
        .map(JDEPS_LINE::matcher)
        .filter(Matcher::matches)
        .map(line -> new Use(line.group(1), line.group(2), line.group(3)))
        .toList();
  }
}
