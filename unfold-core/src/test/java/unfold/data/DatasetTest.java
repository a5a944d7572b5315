package unfold.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.error.InputException;

class DatasetTest {
  @TempDir Path folder;

  private static final Dataset DATA = Datasets.digits().test().orElseThrow();

  private final Dataset data = DATA;

  @Test
  void aSubsetShowsThePicturesItNames() {
    Dataset part = data.subset(new int[] {7, 3});
    assertThat(part.size()).isEqualTo(2);
    assertThat(part.picture(1).pixels()).isEqualTo(data.picture(3).pixels());
    assertThat(part.label(0)).isEqualTo(data.label(7));
    assertThat(part.fingerprint()).startsWith(data.fingerprint() + " [2 chosen, ");
    assertThat(data.subset(10, 12).fingerprint()).endsWith(" [10..11]");
    assertThatThrownBy(() -> data.subset(5, 20_000))
        .isInstanceOf(InputException.class)
        .hasMessage("digits test has pictures 0 to 9999: 5 to 19999 is no part of it");
    assertThatThrownBy(() -> data.subset(new int[] {-1}))
        .hasMessage("digits test has pictures 0 to 9999, but no picture -1");
  }

  @Test
  void aRandomSplitIsADisjointCoverChosenByTheSeed() {
    Splits a = data.splitFraction(0.1, 5);
    Splits b = data.splitFraction(0.1, 5);
    Splits c = data.splitFraction(0.1, 6);
    Dataset held = a.validation().orElseThrow();
    assertThat(held.size()).isEqualTo(1000);
    assertThat(a.train().size()).isEqualTo(9000);
    assertThat(held.fingerprint()).isEqualTo(b.validation().orElseThrow().fingerprint());
    assertThat(held.fingerprint()).isNotEqualTo(c.validation().orElseThrow().fingerprint());
    int[][] parts = Subset.shuffledParts(50, 10, 1);
    assertThat(IntStream.concat(IntStream.of(parts[0]), IntStream.of(parts[1])).sorted().toArray())
        .containsExactly(IntStream.range(0, 50).toArray());
  }

  @Test
  void holdingOutTheLastKeepsTheOrder() {
    Splits splits = data.splitLast(100);
    assertThat(splits.train().size()).isEqualTo(9900);
    assertThat(splits.validation().orElseThrow().picture(0).pixels())
        .isEqualTo(data.picture(9900).pixels());
    assertThatThrownBy(() -> data.splitLast(10_000))
        .hasMessage(
            "digits test has 10000 pictures: holding out the last 10000 leaves nothing on one side");
  }

  @Test
  void aCacheGivesTheSamePicturesAndKeepsNoMoreThanItsBudget() {
    Dataset cached = data.cached(2 * 784);
    var first = cached.picture(0);
    assertThat(cached.picture(0)).isSameAs(first);
    cached.picture(1);
    assertThat(cached.picture(2)).isNotSameAs(cached.picture(2));
    assertThat(cached.picture(2).pixels()).isEqualTo(data.picture(2).pixels());
    assertThat(cached.fingerprint()).isEqualTo(data.fingerprint());
  }

  @Test
  void saysWhenAFolderHoldsNoDataSet() {
    assertThatThrownBy(() -> Datasets.named(folder.resolve("none").toString()))
        .isInstanceOf(InputException.class)
        .hasMessage(folder.resolve("none") + ": there is no such folder");
    assertThatThrownBy(() -> Datasets.named("digts"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "digts: there is no such folder (did you mean digits?), and the one data set built in is"
                + " digits");
    assertThatThrownBy(() -> Datasets.open(folder))
        .hasMessageStartingWith(folder + ": no data set here");
    assertThat(Datasets.named("digits").train().size()).isEqualTo(60_000);
  }

  @Test
  void looksIntoAFolderThatHoldsNothingButOneFolder() {
    SampleFiles.mnist(folder.resolve("MNIST").resolve("raw"), 3, 0);
    assertThat(Datasets.open(folder).train().size()).isEqualTo(3);
  }
}
