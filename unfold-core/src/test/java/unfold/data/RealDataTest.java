package unfold.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import unfold.data.augment.Transforms;

/// On the public sets themselves, where they lie beside the project; skipped elsewhere.
class RealDataTest {
  private static Path set(String name) {
    Path folder = Path.of("..", "..", "shared", "data", name);
    assumeTrue(Files.isDirectory(folder), folder + " is not here");
    return folder;
  }

  private static double mean(Dataset set) {
    double sum = 0;
    for (int i = 0; i < set.size(); i++) {
      for (byte pixel : set.picture(i).pixels()) {
        sum += pixel & 0xFF;
      }
    }
    return sum / set.size() / set.shape().orElseThrow().bytes() / 255;
  }

  @Test
  void fashionMnistHasItsWellKnownMean() {
    Splits splits = Datasets.open(set("fashion-mnist"));
    assertThat(splits.train().size()).isEqualTo(60_000);
    assertThat(splits.test().orElseThrow().size()).isEqualTo(10_000);
    assertThat(splits.train().classes()).last().isEqualTo("Ankle boot");
    assertThat(mean(splits.train())).isBetween(0.28595, 0.28605);
  }

  @Test
  void mnistWithoutItsTestFilesSaysSo() {
    Splits splits = Datasets.open(set("mnist"));
    assertThat(splits.train().size()).isEqualTo(60_000);
    assertThat(splits.notes()).hasSize(1);
    assertThat(mean(splits.train())).isBetween(0.13061, 0.13071);
  }

  @Test
  void cifarBatchesOpenBesideOtherFiles() {
    Dataset train = Datasets.open(set("cifar10")).train();
    assertThat(train.size()).isEqualTo(4000);
    assertThat(train.classes()).startsWith("airplane", "automobile");
    assertThat(mean(train)).isBetween(0.46, 0.49);
  }

  @Test
  void photographsInFoldersBecomeBatches() {
    Splits splits = Datasets.open(set("hymenoptera"));
    assertThat(splits.train().classes()).containsExactly("ants", "bees");
    assertThat(splits.train().size()).isEqualTo(100);
    Loading loading =
        Loading.training(20, 1)
            .threads(2)
            .transforms(Transforms.parse("random-resized-crop(64),flip"));
    try (Loader loader = Loader.of(splits.train(), loading)) {
      for (int k = 0; k < 5; k++) {
        Batch batch = loader.next();
        assertThat(batch.pictures().type()).hasToString("u8[20x64x64x3]");
        batch.release();
      }
    }
    assertThat(splits.validation().orElseThrow().size()).isEqualTo(50);
  }
}
