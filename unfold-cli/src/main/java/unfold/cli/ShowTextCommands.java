package unfold.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unfold.error.InputException;
import unfold.inspect.Cells;
import unfold.inspect.Foretelling;
import unfold.inspect.ForetellingPage;
import unfold.inspect.ForetellingSheet;
import unfold.inspect.GateSheet;
import unfold.inspect.Saturation;
import unfold.inspect.TextTrait;
import unfold.inspect.TrackPage;
import unfold.inspect.TrackSheet;
import unfold.inspect.Units;
import unfold.inspect.Within;
import unfold.train.text.Insight;

/// What is inside a character model while it reads a text.
final class ShowTextCommands {
  private ShowTextCommands() {}

  /// `unfold show cell`
  @Command(
      name = "cell",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Colours a text by what units of a recurrent layer hold after each character: orange for"
            + " high, blue for low. Without --unit it shows the units that change most, or those"
            + " that follow a trait of the text.",
      },
      footer = {
        "",
        "Examples:",
        "  ./unfold show cell runs/charlm --find line --out line.html",
        "  ./unfold show cell charlm --weights shakespeare.safetensors --text play.txt --layer 1"
            + " --unit 42",
      })
  static final class CellCommand implements Runnable {
    @Mixin TextRead read = new TextRead(1000);

    @Option(names = "--layer", description = "recurrent layer, from 0 (default: the highest)")
    @Nullable Integer layer;

    @Option(
        names = "--unit",
        split = ",",
        paramLabel = "K",
        description = "units of the layer, from 0")
    List<Integer> units = new ArrayList<>();

    @Option(
        names = "--find",
        paramLabel = "TRAIT",
        description =
            "the units that go most with line (characters since its beginning), quotes, brackets,"
                + " word or capitals; prints how well")
    @Nullable String trait;

    @Option(names = "--top", description = "units to find (default: ${DEFAULT-VALUE})")
    int top = 4;

    @Option(
        names = "--within",
        paramLabel = "WHAT",
        description = "h, c, i, f, g, o (lstm) or h, r, z, n (gru) (default: c, or h)")
    @Nullable String what;

    @Mixin TextOut out = new TextOut();

    @Option(names = "--json", description = "the units found or asked for, as one JSON object")
    boolean json;

    @Override
    public void run() {
      if (top < 1) {
        throw new InputException("--top must be at least 1, not " + top);
      }
      Insight insight = read.insight();
      List<Within> there = Cells.within(insight.model());
      Within shown =
          what != null ? Within.parse(what) : there.contains(Within.C) ? Within.C : Within.H;
      int last = insight.model().rnn().layers() - 1;
      var wanted = new Cells.Wanted(layer != null ? layer : last, shown);
      Units all = insight.units(wanted);
      List<Units.Ranked> ranked =
          trait == null
              ? all.liveliest()
              : all.following(TextTrait.parse(trait).along(insight.characters()));
      List<Units.Ranked> found =
          units.isEmpty()
              ? ranked.stream().limit(top).toList()
              : ranked.stream().filter(r -> units.contains(r.unit())).toList();
      List<Integer> chosen =
          units.isEmpty() ? found.stream().map(Units.Ranked::unit).toList() : units;
      var tracks = insight.tracks(wanted, all, chosen);
      String score = trait == null ? "variance" : "correlation with " + trait;
      String words = "orange +1, white 0, blue −1" + (shown == Within.C ? " of tanh c" : "");
      out.write(
          read.title(),
          "cell",
          () -> TrackSheet.of(read.title(), words, tracks),
          () -> TrackPage.of(read.title(), words, tracks),
          json);
      if (json) {
        new Json()
            .with("layer", wanted.layer())
            .with("within", shown.toString())
            .with("score", score)
            .with("units", found)
            .with("tracks", tracks)
            .print();
      } else {
        System.out.println(wanted + ", " + score + ":");
        found.forEach(
            r -> System.out.printf(Locale.ROOT, "  unit %4d  %+.3f%n", r.unit(), r.score()));
      }
    }
  }

  /// `unfold show gates`
  @Command(
      name = "gates",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Draws the gates of a recurrent layer over time, as a PNG, and says how often they are all"
            + " but shut (below 0.1) or all but open (above 0.9).",
      },
      footer = {
        "",
        "Example:",
        "  ./unfold show gates runs/charlm --prime \"for (int i = 0; i < n; i++)\""
      })
  static final class GatesCommand implements Runnable {
    @Mixin TextRead read = new TextRead(120);

    @Option(names = "--layer", description = "recurrent layer, from 0 (default: the highest)")
    @Nullable Integer layer;

    @Mixin ShowCommand.Out out = new ShowCommand.Out();

    @Option(names = "--json", description = "the shares unit by unit, as one JSON object")
    boolean json;

    @Override
    public void run() {
      Insight insight = read.insight();
      int shown = layer != null ? layer : insight.model().rnn().layers() - 1;
      var gates = insight.gates(shown);
      String title = read.title() + "  ·  layer " + shown;
      var sheet = GateSheet.of(title, insight.characters(), gates);
      out.write(sheet, read.network.name, "gates", json);
      var all = new ArrayList<Object>();
      gates.forEach((gate, values) -> {
        var s = Saturation.of(gate, values);
        all.add(
            new Json()
                .with("gate", gate.toString())
                .with("shut", s.shut())
                .with("open", s.open())
                .fields());
        if (!json) {
          System.out.printf(
              Locale.ROOT,
              "%s  all but shut %5.1f %%  all but open %5.1f %% of the time%n",
              gate,
              100 * s.meanShut(),
              100 * s.meanOpen());
        }
      });
      if (json) {
        new Json().with("layer", shown).with("gates", all).print();
      }
    }
  }

  /// `unfold show next`
  @Command(
      name = "next",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Shows what a character model expected at each place of a text, and how sure it was. Without"
            + " --out as text.",
      },
      footer = {
        "",
        "Examples:",
        "  ./unfold show next runs/charlm --prime \"public static \"",
        "  ./unfold show next runs/charlm --text Some.java --characters 400 --out next.html",
      })
  static final class NextCommand implements Runnable {
    @Mixin TextRead read = new TextRead(200);

    @Option(names = "--top", description = "candidates a place (default: ${DEFAULT-VALUE})")
    int top = 5;

    @Mixin TextOut out = new TextOut();

    @Option(names = "--json", description = "one JSON object instead of text")
    boolean json;

    @Override
    public void run() {
      Foretelling all = read.insight().foretelling(top);
      String words = "below each character those expected in its place, the likeliest first";
      if (out.asked()) {
        out.write(
            read.title(),
            "next",
            () -> ForetellingSheet.of(read.title(), words, all),
            () -> ForetellingPage.of(read.title(), words, all),
            json);
      }
      if (json) {
        new Json().with("places", all.places()).with("after", all.after()).print();
      } else if (!out.asked()) {
        all.places()
            .forEach(p ->
                System.out.printf(
                    Locale.ROOT,
                    "%-6s %7.2f %%   %s%n",
                    TextRead.shown(p.character()),
                    100 * p.probability(),
                    candidates(p.expected())));
        System.out.printf("%-6s %9s   %s%n", "then", "", candidates(all.after()));
      }
    }

    private static String candidates(List<Foretelling.Candidate> expected) {
      var text = new StringBuilder();
      for (Foretelling.Candidate c : expected) {
        String one = TextRead.shown(c.character());
        text.append(String.format(Locale.ROOT, "%s %.1f  ", one, 100 * c.probability()));
      }
      return text.toString().stripTrailing();
    }
  }
}
