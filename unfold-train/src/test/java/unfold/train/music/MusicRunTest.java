package unfold.train.music;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.config.Knobs;
import unfold.config.Precision;
import unfold.engine.Engine;
import unfold.engine.Settings;
import unfold.error.FormatException;
import unfold.interop.safetensors.SafetensorsReader;
import unfold.layer.Gru;
import unfold.layer.Recurrent;
import unfold.model.ChordModel;
import unfold.run.States;
import unfold.tensor.Tensor;
import unfold.train.Counted;
import unfold.train.Outcome;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.train.Stop;
import unfold.train.Trainer;

/// Runs on music, from file to figure.
final class MusicRunTest {
  private static final String SCALE = "[[60],[62],[64],[65],[67],[]]";
  private static final String CHORDS = "[[60,64,67],[62,65,69],[60,64,67],[]]";

  @TempDir private Path temp;

  private static String music(String train) {
    return "{\"train\":[" + train + "],\"valid\":[" + SCALE + "],\"test\":[" + CHORDS + "]}";
  }

  private static ChordModel model() {
    var rnn = new Recurrent(new Gru(), Music.NOTES, 12);
    return new ChordModel("tiny", Map.of(), Music.NOTES, "gru", rnn, 0.1);
  }

  private RunConfig config(int epochs) throws IOException {
    Path file = temp.resolve(Music.FILE);
    Files.writeString(file, music(SCALE + "," + CHORDS + "," + SCALE));
    return new RunConfig(
        MusicSubject.network(model()),
        new RunConfig.Music(temp.toString()),
        new RunConfig.Recipe(epochs, 2, "adam(0.02)", "constant", "f32", 0, 1, 0, 7),
        RunConfig.Limits.NONE);
  }

  private static Settings settings() {
    return Settings.defaults()
        .backends("reference")
        .precision(Precision.F32)
        .threads(1)
        .tuning(Knobs.Tuning.OFF);
  }

  private static Trainer start(Path folder, RunConfig config) {
    return Trainer.start(RunFolder.create(folder), config, c -> MusicSubject.open(c, model()))
        .settings(settings());
  }

  @Test
  void aRunLearnsTheNextNotesAndCountsStepsThatCanBeForetold() throws IOException {
    Outcome outcome = start(temp.resolve("run"), config(12)).run(new Stop());
    var epochs = outcome.history().epochs();
    assertThat(epochs.getFirst().train().counted()).isEqualTo(Counted.STEPS);
    assertThat(epochs.getFirst().train().items()).isEqualTo(5 + 3 + 5);
    assertThat(epochs.getFirst().validation().orElseThrow().items()).isEqualTo(5);
    assertThat(epochs.getLast().train().loss()).isLessThan(0.2 * epochs.getFirst().train().loss());

    RunFolder run = RunFolder.open(temp.resolve("run"));
    assertThat(run.config()).isEqualTo(config(12));
    var measured = Listener.open(run, model(), settings()).measure(Music.read(temp).validation());
    assertThat(measured.loss())
        .isCloseTo(outcome.history().best().orElseThrow().judged().loss(), within(1e-6));
  }

  @Test
  void aRunStoppedAnywhereEndsInTheBitsOfOneThatWasNot() throws IOException {
    RunConfig config = config(3);
    Outcome whole = start(temp.resolve("whole"), config).run(new Stop());
    var stop = new Stop();
    stop.wish();
    start(temp.resolve("parts"), config).run(stop);
    RunFolder parts = RunFolder.open(temp.resolve("parts"));
    Outcome resumed =
        Trainer.resume(parts, c -> MusicSubject.open(c, model()))
            .settings(settings())
            .run(new Stop());
    assertThat(resumed.history().epochs().getLast().train())
        .isEqualTo(whole.history().epochs().getLast().train());
    for (String name : List.of("fc.weight", "gru.weight_hh_l0")) {
      assertThat(numbers(parts.path(), name)).isEqualTo(numbers(temp.resolve("whole"), name));
    }
  }

  private static double[] numbers(Path run, String name) {
    var tensors = SafetensorsReader.read(RunFolder.open(run).last()).tensors();
    return Objects.requireNonNull(tensors.get(name), name).toDoubles();
  }

  /// An untrained network's weights of zero give each note ½: 88·ln 2 a step.
  @Test
  void theLossIsSummedOverNotesAndAveragedOverSteps() {
    ChordModel model = model();
    var states = new States();
    model.measuring(1, 1).states().forEach(d -> states.set(d.name(), Tensor.zeros(d.type())));
    var listener = new Listener(Engine.open(settings()), model, states);
    Music music = Music.parse(music(SCALE), "music");
    assertThat(listener.measure(music.test()).loss()).isCloseTo(88 * Math.log(2), within(1e-4));
  }

  @Test
  void whatIsBehindAPiecesEndChangesNothing() {
    ChordModel model = model();
    var states = new States();
    model.measuring(1, 1).states().forEach(d -> states.set(d.name(), d.initial(3)));
    var listener = new Listener(Engine.open(settings()), model, states);
    Music music = Music.parse(music(SCALE), "music");
    var both = List.of(music.train().getFirst(), music.test().getFirst());
    double together = listener.measure(both).loss();
    double scale = listener.measure(both.subList(0, 1)).loss();
    double chords = listener.measure(both.subList(1, 2)).loss();
    assertThat(together).isCloseTo((5 * scale + 3 * chords) / 8, within(1e-4));
  }

  @Test
  void filesThatAreNoMusicAreRefusedWithThePlace() {
    refused("[]", "music: train must be a list");
    refused("{\"train\":", "music: is no music: ");
    refused(music("[[60]]"), "music: train[0] has 1 steps; a piece has 2 … 10000");
    refused(music("[[60],[20]]"), "music: train[0][1]: 20 must be the MIDI number of a piano key");
    refused(music("[[60],[109]]"), "music: train[0][1]: 109 must be the MIDI number");
    refused(music("[[60,60],[61]]"), "music: train[0][0]: 60 must be the MIDI number");
    refused(music("[[60],[1.5]]"), "music: train[0][1]: 1.5 must be the MIDI number");
    refused(music("[[60],7]"), "music: train[0][1] must be a list");
    refused(music(""), "music: train has no pieces");
    refused(music(SCALE) + "x", "music: is no music: ");
    refused("{\"train\":[],\"train\":[]}", "music: is no music: ");
  }

  private static void refused(String text, String message) {
    assertThatThrownBy(() -> Music.parse(text, "music"))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(message);
  }
}
