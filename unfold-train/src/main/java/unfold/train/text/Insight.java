package unfold.train.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unfold.engine.Engine;
import unfold.error.InputException;
import unfold.inspect.Cells;
import unfold.inspect.Foretelling;
import unfold.inspect.Track;
import unfold.inspect.Units;
import unfold.inspect.Within;
import unfold.model.LanguageModel;
import unfold.run.States;
import unfold.tensor.Tensor;

/// A text, seen from inside a character model that reads it from zero states: what units hold, how
/// gates stand, what the network expects. Made by [Writer#insight].
public final class Insight {
  private final Engine engine;
  private final Writer writer;
  private final States states;
  private final int[] tokens;

  Insight(Engine engine, Writer writer, States states, int[] tokens) {
    this.engine = engine;
    this.writer = writer;
    this.states = states;
    this.tokens = tokens;
  }

  public LanguageModel model() {
    return writer.model();
  }

  /// What was read: the characters that the network knows.
  public List<String> characters() {
    return Arrays.stream(tokens).mapToObj(writer.vocabulary()::text).toList();
  }

  /// What all units of a layer hold after each character.
  ///
  /// @throws InputException if there is no such layer, or no such thing within its cells
  public Units units(Cells.Wanted wanted) {
    return new Units(wanted.what(), read(List.of(wanted)).getFirst());
  }

  /// Units as tracks to be drawn.
  ///
  /// @param units those of [#units] for `wanted`
  /// @throws InputException if there is no such unit
  public List<Track> tracks(Cells.Wanted wanted, Units units, List<Integer> chosen) {
    var tracks = new ArrayList<Track>();
    for (int unit : chosen) {
      if (unit < 0 || unit >= units.count()) {
        throw new InputException(
            "there is no unit "
                + unit
                + " in layer "
                + wanted.layer()
                + "; its units are 0 … "
                + (units.count() - 1));
      }
      List<Double> values = Arrays.stream(units.along(unit)).boxed().toList();
      tracks.add(new Track(wanted + ", unit " + unit, characters(), values));
    }
    return tracks;
  }

  /// The gates of a layer after each character, f32 [T×width] each; none if its cells have none.
  public Map<Within, Tensor> gates(int layer) {
    var wanted = new ArrayList<Cells.Wanted>();
    for (Within what : Cells.within(model())) {
      if (what.gate()) {
        wanted.add(new Cells.Wanted(layer, what));
      }
    }
    var gates = new LinkedHashMap<Within, Tensor>();
    if (!wanted.isEmpty()) {
      List<Tensor> values = read(wanted);
      for (int i = 0; i < wanted.size(); i++) {
        gates.put(wanted.get(i).what(), values.get(i));
      }
    }
    return gates;
  }

  private List<Tensor> read(List<Cells.Wanted> wanted) {
    return Cells.of(engine, model(), states, wanted).read(tokens);
  }

  /// What the network expects at each place and behind the last.
  ///
  /// @param count candidates a place
  public Foretelling foretelling(int count) {
    if (count < 1) {
      throw new InputException("at least one candidate must be shown, not " + count);
    }
    Reader reader = writer.reader();
    reader.restart();
    var places = new ArrayList<Foretelling.Place>();
    double probability = 1;
    List<Foretelling.Candidate> expected = List.of();
    for (int i = 0; i < tokens.length; i++) {
      places.add(new Foretelling.Place(writer.vocabulary().text(tokens[i]), probability, expected));
      reader.tokens().set(0, tokens[i]);
      double[] p = Sampling.PLAIN.probabilities(reader.read());
      expected = writer.likeliest(p, count);
      probability = i + 1 < tokens.length ? p[tokens[i + 1]] : 0;
    }
    return new Foretelling(places, expected);
  }
}
