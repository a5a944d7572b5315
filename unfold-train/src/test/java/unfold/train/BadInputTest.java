package unfold.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.data.Dataset;
import unfold.data.MemoryDataset;
import unfold.data.Splits;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.error.FormatException;
import unfold.error.InputException;
import unfold.interop.safetensors.SafetensorsWriter;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.train.RunConfig.Pictures;

/// What does not fit gets one line that names both sides, before anything is computed.
final class BadInputTest {
  @TempDir private Path temp;

  @Test
  void picturesOfAnotherSizeNeedATransform() {
    rejects(data(64, 3, 32, 10))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "tiny takes pictures of 1×28×28, but colours has 3×32×32, and the augmentation"
                + " pad-crop(2) makes them 1×32×32: build the model for that size (options"
                + " height=32, width=32, channels=3), or begin the augmentation with"
                + " resize(28),centre-crop(28)");
  }

  @Test
  void aTransformMakesThemFitAndGreyComesByItself() {
    var heard = new Heard();
    RunConfig config =
        Tiny.config(1, "sgd(0.1)")
            .data(new Pictures("").augmentation("resize(28),centre-crop(28)"));
    Trainer.start(
            RunFolder.create(temp.resolve("run")),
            config,
            Tiny.model(),
            Splits.of(data(16, 3, 32, 10)))
        .settings(Tiny.settings())
        .reporter(heard)
        .run(new Stop());
    assertThat(heard.epochs).hasSize(1);
    assertThat(heard.notes)
        .containsExactly(
            "colours: pictures are turned from colour to grey, since tiny takes 1 channel");
  }

  @Test
  void coloursOfAnySizeFitAModelOfGreyOnes() {
    var heard = new Heard();
    Trainer.start(
            RunFolder.create(temp.resolve("run")),
            Tiny.config(1, "sgd(0.1)"),
            Tiny.model(),
            Splits.of(new Altered(data(16, 3, 32, 10), Optional.empty(), -1)))
        .settings(Tiny.settings())
        .reporter(heard)
        .run(new Stop());
    assertThat(heard.epochs).hasSize(1);
  }

  /// The same pictures in a set that says something else about them.
  ///
  /// @param tenth a picture of which it says that its label is 10
  private record Altered(Dataset data, Optional<PictureShape> shape, int tenth) implements Dataset {
    @Override
    public String name() {
      return "mine";
    }

    @Override
    public int size() {
      return data.size();
    }

    @Override
    public List<String> classes() {
      return data.classes();
    }

    @Override
    public int label(int i) {
      return i == tenth ? 10 : data.label(i);
    }

    @Override
    public Picture picture(int i) {
      return data.picture(i);
    }

    @Override
    public String fingerprint() {
      return data.fingerprint();
    }
  }

  @Test
  void anotherNumberOfClassesIsRefused() {
    rejects(data(64, 1, 28, 7))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "tiny tells 10 classes apart, but colours has 7: build the model with classes=7");
  }

  @Test
  void aLabelOutOfRangeIsNamedWithItsPicture() {
    Dataset good = data(64, 1, 28, 10);
    rejects(new Altered(good, good.shape(), 5))
        .isInstanceOf(InputException.class)
        .hasMessage("mine picture 5 has label 10, but there are 10 classes (0 to 9)");
  }

  @Test
  void tooFewPicturesForABatchAreRefused() {
    rejects(data(7, 1, 28, 10))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "colours has 7 pictures to learn from, too few for a batch of 8: make the batch"
                + " smaller");
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> Tiny.config(0, "sgd"))
        .isInstanceOf(InputException.class)
        .hasMessage("the number of epochs must be at least 1, but is 0");
    assertThatThrownBy(() -> start(Tiny.config(1, "sgdd(0.1)"), Tiny.data()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(
            "optimizer 'sgdd(0.1)': there is no optimizer 'sgdd' (did you mean sgd?)");
  }

  @Test
  void nothingIsLeftBehindWhenARunCannotBegin() {
    rejects(data(7, 1, 28, 10)).isNotNull();
    assertThat(temp.resolve("run/config.json")).doesNotExist();
  }

  @Test
  void aDamagedCheckpointIsRefusedInOneLine() throws IOException {
    Path run = trained();
    Path last = run.resolve("last.safetensors");
    byte[] whole = Files.readAllBytes(last);
    for (int length : new int[] {0, 7, 100, whole.length / 2, whole.length - 1}) {
      Files.write(last, java.util.Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Tiny.resume(run).run(new Stop()))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(FormatException.class)
          .hasMessageStartingWith(last.toString())
          .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }
  }

  @Test
  void aFileOfSomethingElseIsNoCheckpoint() {
    Path run = trained();
    Path last = run.resolve("last.safetensors");
    write(last, Map.of());
    assertThatThrownBy(() -> Tiny.resume(run).run(new Stop()))
        .isInstanceOf(FormatException.class)
        .hasMessage(last + ": holds tensors, but no place in a training run: it is no checkpoint");
    write(last, Map.of("unfold.position", Json.line(Position.START)));
    assertThatThrownBy(() -> Tiny.resume(run).run(new Stop()))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            last + ": has no conv.weight f32[4x1x3x3]: it belongs to another model or optimiser");
    write(
        last,
        Map.of(
            "unfold.position",
            Json.line(Position.START).replace("\"version\":2", "\"version\":3")));
    assertThatThrownBy(() -> Tiny.resume(run).run(new Stop()))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            last
                + ": was written by a newer Unfold (version 3; this one reads up to 2): use that"
                + " one");
  }

  @Test
  void aConfigThatIsNewerOrDamagedIsRefused() throws IOException {
    Path run = trained();
    Path config = run.resolve("config.json");
    String text = Files.readString(config);
    int newer = RunConfig.VERSION + 1;
    Files.writeString(
        config, text.replace("\"version\" : " + RunConfig.VERSION, "\"version\" : " + newer));
    assertThatThrownBy(() -> RunFolder.open(run).config())
        .isInstanceOf(FormatException.class)
        .hasMessage(
            config
                + ": was written by a newer Unfold (version "
                + newer
                + "; this one reads up to "
                + RunConfig.VERSION
                + "): use"
                + " that one");
    Files.writeString(config, text.replace("\"epochs\"", "\"epoch\""));
    assertThatThrownBy(() -> RunFolder.open(run).config())
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(config + ": is not a run's config: ");
    Files.writeString(config, text.substring(0, 50));
    assertThatThrownBy(() -> RunFolder.open(run).config()).isInstanceOf(FormatException.class);
  }

  @Test
  void aRunGoesOnWithItsOwnPicturesAndModelOnly() {
    Path run = trained();
    assertThatThrownBy(() ->
            Trainer.resume(
                    RunFolder.open(run), Tiny.model(), Splits.of(Tiny.DIGITS.train().subset(0, 60)))
                .settings(Tiny.settings())
                .run(new Stop()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("began with other data (generated:unfold digits train");
    assertThatThrownBy(() ->
            Trainer.resume(
                RunFolder.open(run),
                new unfold.model.Model(
                    "other",
                    Tiny.model().layer(),
                    Tiny.model().options(),
                    Tiny.model().preprocessing(),
                    "")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is a run of tiny(channels=1,classes=10,height=28,width=28)")
        .hasMessageContaining("but the model given is other(channels");
  }

  @Test
  void aFolderWithARunIsNotOverwritten() {
    Path run = trained();
    assertThatThrownBy(() -> RunFolder.create(run))
        .isInstanceOf(InputException.class)
        .hasMessage(
            run
                + ": holds a run already; continue it with --resume "
                + run
                + " or choose another folder");
    assertThatThrownBy(() -> RunFolder.open(temp.resolve("none")))
        .isInstanceOf(InputException.class)
        .hasMessage(temp.resolve("none") + ": there is no such run");
    assertThatThrownBy(() -> RunFolder.open(temp))
        .isInstanceOf(InputException.class)
        .hasMessage(temp + ": holds no run (no config.json)");
  }

  private Path trained() {
    Path run = temp.resolve("trained");
    Tiny.start(run, Tiny.config(1, "sgd(0.1,momentum=0.9)")).run(new Stop());
    return run;
  }

  private static void write(Path file, Map<String, String> metadata) {
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.put("x", Tensor.zeros(DType.F32, 3));
    SafetensorsWriter.write(file, tensors, metadata);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> rejects(Dataset train) {
    return assertThatThrownBy(() -> start(Tiny.config(1, "sgd(0.1)"), Splits.of(train)));
  }

  private void start(RunConfig config, Splits data) {
    Trainer.start(RunFolder.create(temp.resolve("run")), config, Tiny.model(), data)
        .settings(Tiny.settings())
        .run(new Stop());
  }

  private static Dataset data(int size, int channels, int side, int classes) {
    var shape = new PictureShape(side, side, channels);
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      labels[i] = i % classes;
    }
    List<String> names =
        java.util.stream.IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    return new MemoryDataset(
        "colours",
        shape,
        Arena.ofAuto().allocate((long) size * shape.bytes()),
        labels,
        names,
        () -> "zeros");
  }
}
