package unfold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import unfold.interop.safetensors.SafetensorsWriter;
import unfold.model.Model;
import unfold.tensor.Tensor;
import unfold.zoo.Zoo;

/// The commands that read weights and pictures, with good files and bad ones: each bad one costs
/// one clear line, and nothing that was there.
final class WeightCommandsTest {
  private static final String NET = "lenet5";

  @TempDir private Path folder;
  private Path weights;
  private Path picture;
  private Path data;

  @BeforeEach
  void writeGoodFiles() throws IOException {
    weights = written(Zoo.find(NET, Map.of("channels", "3", "classes", "2")), "good.safetensors");
    picture = Pictures.png(folder.resolve("scene.png"));
    data = folder.resolve("data");
    for (String part : List.of("train/cats", "train/dogs", "test/cats", "test/dogs")) {
      Path of = Files.createDirectories(data.resolve(part));
      for (int k = 0; k < 3; k++) {
        Files.copy(picture, of.resolve(k + ".png"));
      }
    }
  }

  private Path written(Model model, String name) {
    var tensors = new LinkedHashMap<String, Tensor>();
    model.inference(1).states().forEach(d -> tensors.put(d.name(), d.initial(1)));
    Path file = folder.resolve(name);
    SafetensorsWriter.write(file, tensors, Map.of());
    return file;
  }

  /// Each command on these weights.
  private Said with(String command, Path file) {
    String w = file.toString();
    String d = data.toString();
    Path run = folder.resolve("run");
    return switch (command) {
      case "predict" ->
          Said.by("predict", NET, "--weights", w, "--json", options(), classes(), p());
      case "eval" ->
          Said.by("eval", NET, "--weights", w, "--data", d, "--json", options(), classes());
      case "features" ->
          Said.by("features", NET, "--weights", w, "--layer", "f6", options(), classes(), p());
      case "transfer" ->
          Said.by(
              "transfer",
              "--from",
              NET,
              "--weights",
              file.equals(weights) ? grey() : w,
              "--data",
              d,
              "--depths",
              "2",
              "--json");
      case "train" ->
          Said.by(
              "train",
              NET,
              "--weights",
              w,
              "--data",
              d,
              "--epochs",
              "1",
              "--batch",
              "2",
              "--json",
              "--validation",
              "0.5",
              options(),
              "--out",
              run.toString());
      default -> Said.by("inspect", w, "--json");
    };
  }

  /// Weights of the network without options, which is all that `transfer` takes.
  private String grey() {
    return written(Zoo.find(NET), "grey.safetensors").toString();
  }

  private String p() {
    return picture.toString();
  }

  private static String options() {
    return "--option=channels=3";
  }

  private static String classes() {
    return "--option=classes=2";
  }

  @ParameterizedTest
  @ValueSource(strings = {"predict", "eval", "features", "transfer", "train", "inspect"})
  void goodFilesWork(String command) {
    assertThat(with(command, weights).works().out()).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(strings = {"predict", "eval", "features", "transfer", "train", "inspect"})
  void badFilesCostOneLine(String command) throws IOException {
    byte[] good = Files.readAllBytes(weights);
    with(command, folder.resolve("none.safetensors")).fails("none.safetensors", "no such file");
    Path cut = folder.resolve("cut.safetensors");
    for (int length : new int[] {0, 7, 100, good.length / 2, good.length - 1}) {
      Files.write(cut, Arrays.copyOf(good, length));
      with(command, cut).fails("cut.safetensors");
    }
    byte[] damaged = good.clone();
    damaged[20] ^= 4;
    with(command, Files.write(folder.resolve("damaged.safetensors"), damaged)).fails("damaged");
    byte[] huge = good.clone();
    huge[5] = 127;
    with(command, Files.write(folder.resolve("huge.safetensors"), huge)).fails("huge.safetensors");
    with(command, Files.writeString(folder.resolve("text.pth"), "no weights at all\n"))
        .fails("text.pth");
    assertThat(folder.resolve("run")).as("a run that never began").doesNotExist();
    assertThat(weights).hasBinaryContent(good);
  }

  @ParameterizedTest
  @ValueSource(strings = {"predict", "eval", "features", "transfer", "train"})
  void weightsOfAnotherNetworkCostOneLineThatNamesIt(String command) {
    Path other = written(Zoo.find("nin_cifar"), "other.safetensors");
    with(command, other)
        .fails("other.safetensors", "another network than lenet5", "like nin_cifar");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void everyKindOfPictureIsReadAsTheSameScene() throws IOException {
    double plain = first(picture);
    assertThat(first(Pictures.palette(folder.resolve("palette.png")))).isEqualTo(plain);
    assertThat(first(Pictures.sixteenBits(folder.resolve("sixteen.png")))).isEqualTo(plain);
    double jpeg = first(Pictures.jpeg(folder.resolve("scene.jpg")));
    assertThat(jpeg).isCloseTo(plain, within(2e-3));
    assertThat(first(Pictures.turned(folder.resolve("turned.jpg")))).isCloseTo(jpeg, within(2e-3));
    assertThat(first(Pictures.cmyk(folder.resolve("inks.jpg")))).isCloseTo(jpeg, within(2e-3));
  }

  /// Probability of the first class.
  private double first(Path file) {
    String json =
        Said.by(
                "predict",
                NET,
                "--weights",
                weights.toString(),
                options(),
                classes(),
                "--json",
                file.toString())
            .works()
            .out();
    for (JsonNode answer : new JsonMapper().readTree(json).path("pictures").get(0).path("top")) {
      if (answer.path("index").intValue() == 0) {
        return answer.path("probability").doubleValue();
      }
    }
    throw new AssertionError(json);
  }

  @Test
  void aPictureThatIsNoneCostsALineAndNotTheOthers() throws IOException {
    Path text = Files.writeString(folder.resolve("text.jpg"), "no picture at all");
    Path cut = folder.resolve("cut.png");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(picture), 60));
    Said said =
        Said.by(
            "predict",
            NET,
            "--weights",
            weights.toString(),
            options(),
            classes(),
            text.toString(),
            cut.toString(),
            picture.toString());
    assertThat(said.status()).isEqualTo(1);
    assertThat(said.err().lines().toList()).hasSize(2);
    assertThat(said.err()).contains("text.jpg", "cut.png");
    assertThat(said.out()).contains(picture.toString()).doesNotContain("text.jpg", "cut.png");
    Said.by(
            "features",
            NET,
            "--weights",
            weights.toString(),
            options(),
            classes(),
            "--layer",
            "f6",
            text.toString())
        .fails("text.jpg");
  }

  @ParameterizedTest
  @ValueSource(strings = {"eval", "transfer", "train"})
  void foldersThatAreNoSetCostOneLine(String command) throws IOException {
    data = Files.createDirectories(folder.resolve("empty"));
    with(command, weights).fails("empty: no data set here");
    Files.createDirectories(data.resolve("cats"));
    Files.copy(picture, data.resolve("cats/1.png"));
    with(command, weights).fails("only one class folder ('cats')");
    Files.createDirectories(data.resolve("dogs"));
    with(command, weights).fails("dogs: no JPEG or PNG picture in this class folder");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void transferTellsTrainTheOptionsOfARunsNetwork() {
    with("train", weights).works();
    String run = folder.resolve("run").toString();
    String d = data.toString();
    Said said = Said.by("transfer", "--from", run, "--data", d, "--depths", "2", "--json");
    String command = new JsonMapper().readTree(said.works().out()).path("command").stringValue();
    assertThat(command).contains(" --option channels=3 ").doesNotContain("classes=");
  }

  @Test
  void aRunThatIsRefusedWhenItBeginsLeavesNoFolder() {
    String d = data.toString();
    Path run = folder.resolve("run");
    Said.by("train", NET, options(), "--data", d, "--hold-out", "6", "--out", run.toString())
        .fails("6");
    assertThat(run).doesNotExist();
  }

  @Test
  void theZooSaysForWhichNetworksWeightsArePublished() {
    Said.by("zoo", "get", NET).fails("no published weights are known for 'lenet5'", "resnet18");
  }
}
