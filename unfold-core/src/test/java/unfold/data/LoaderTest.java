package unfold.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import unfold.data.augment.Flip;
import unfold.data.augment.Mixing;
import unfold.data.augment.PadCrop;
import unfold.data.augment.Transforms;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.error.FormatException;
import unfold.error.InputException;
import unfold.memory.HeapUse;

@Timeout(60)
class LoaderTest {
  private static final PictureShape SHAPE = new PictureShape(3, 4, 3);

  /// Pixel j of picture i is (31i + j) mod 256, its label i mod 5.
  private static Dataset numbered(int size) {
    byte[] pixels = new byte[size * SHAPE.bytes()];
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      labels[i] = i % 5;
      for (int j = 0; j < SHAPE.bytes(); j++) {
        pixels[i * SHAPE.bytes() + j] = (byte) (31 * i + j);
      }
    }
    return new MemoryDataset(
        "numbered",
        SHAPE,
        MemorySegment.ofArray(pixels),
        labels,
        List.of("a", "b", "c", "d", "e"),
        () -> "test");
  }

  @Test
  void mixedPicturesHaveTheSharesOfTheirLabels() {
    Dataset data = numbered(12);
    var mixing = new Mixing(0.5, 0.5);
    Loading loading = Loading.training(6, 3).mixing(mixing);
    List<Seen> plain = run(data, Loading.training(6, 3), 4);
    try (Loader loader = Loader.of(data, loading)) {
      for (int k = 0; k < 4; k++) {
        Batch b = loader.next();
        float[] q = b.targets().orElseThrow().toFloats();
        double share = mixing.draw(3, k, 3, 4).share();
        for (int i = 0; i < 6; i++) {
          int own = (int) plain.get(k).labels()[i];
          int next = (int) plain.get(k).labels()[(i + 1) % 6];
          assertThat(b.item(i)).isEqualTo(plain.get(k).items().get(i));
          assertThat(b.labels().get(i)).isEqualTo(share >= 0.5 ? own : next);
          double sum = 0;
          for (int c = 0; c < 5; c++) {
            double wanted = (c == own ? share : 0) + (c == next ? 1 - share : 0);
            assertThat((double) q[5 * i + c]).isCloseTo(wanted, within(1e-6));
            sum += q[5 * i + c];
          }
          assertThat(sum).isCloseTo(1, within(1e-6));
        }
        b.release();
      }
    }
    assertThat(run(data, loading.from(0, 1), 3))
        .usingRecursiveComparison()
        .isEqualTo(run(data, loading, 4).subList(1, 4));
  }

  private record Seen(
      long epoch, long number, List<Integer> items, float[] pictures, float[] labels) {
    static Seen of(Batch b) {
      List<Integer> items = new ArrayList<>();
      for (int k = 0; k < b.size(); k++) {
        items.add(b.item(k));
      }
      return new Seen(b.epoch(), b.number(), items, b.pictures().toFloats(), b.labels().toFloats());
    }
  }

  private static List<Seen> run(Dataset data, Loading loading, int batches) {
    List<Seen> seen = new ArrayList<>();
    try (Loader loader = Loader.of(data, loading)) {
      for (int k = 0; k < batches && loader.hasNext(); k++) {
        Batch b = loader.next();
        seen.add(Seen.of(b));
        b.release();
      }
    }
    return seen;
  }

  private static void assertSame(List<Seen> a, List<Seen> b) {
    assertThat(a).usingRecursiveComparison().isEqualTo(b);
  }

  @Test
  void evaluationGivesEveryPictureOnceInOrderWithASmallerLastBatch() {
    List<Seen> seen = run(numbered(11), Loading.evaluation(4), 100);
    assertThat(seen).extracting(s -> s.items().size()).containsExactly(4, 4, 3);
    assertThat(seen.stream().flatMap(s -> s.items().stream()))
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    Seen last = seen.getLast();
    assertThat(last.labels()).containsExactly(3, 4, 0);
    assertThat(last.pictures()).hasSize(3 * 36).startsWith(31 * 8, 31 * 8 + 1);
  }

  @Test
  void everyEpochOfTrainingIsADifferentOrderOfAllPictures() {
    List<Seen> seen = run(numbered(12), Loading.training(4, 7).epochs(2), 100);
    assertThat(seen).hasSize(6);
    List<Integer> first = seen.subList(0, 3).stream().flatMap(s -> s.items().stream()).toList();
    List<Integer> second = seen.subList(3, 6).stream().flatMap(s -> s.items().stream()).toList();
    assertThat(first).doesNotHaveDuplicates().hasSize(12).isNotEqualTo(second);
    assertThat(second).doesNotHaveDuplicates().hasSize(12);
    assertThat(seen).extracting(Seen::epoch).containsExactly(0L, 0L, 0L, 1L, 1L, 1L);
    assertThat(seen).extracting(Seen::number).containsExactly(0L, 1L, 2L, 0L, 1L, 2L);
  }

  @Test
  void trainingLeavesOutTheBatchThatIsNotFull() {
    assertThat(run(numbered(11), Loading.training(4, 7).epochs(2), 100))
        .hasSize(4)
        .allMatch(s -> s.items().size() == 4);
  }

  @Test
  void batchesDoNotDependOnThreads() {
    Transforms random = Transforms.of(new PadCrop(1), new Flip());
    Loading loading = Loading.training(5, 42).transforms(random);
    List<Seen> one = run(numbered(23), loading, 20);
    assertSame(run(numbered(23), loading.threads(4), 20), one);
    assertSame(run(numbered(23), loading.threads(0), 20), one);
  }

  @Test
  void resumesExactlyWhereARunStopped() {
    Loading loading = Loading.training(5, 42).transforms(Transforms.of(new PadCrop(1), new Flip()));
    List<Seen> whole = run(numbered(23), loading, 12);
    assertSame(run(numbered(23), loading.from(1, 2), 6), whole.subList(6, 12));
  }

  @Test
  void anotherSeedGivesAnotherOrder() {
    assertThat(run(numbered(23), Loading.training(5, 1), 1).getFirst().items())
        .isNotEqualTo(run(numbered(23), Loading.training(5, 2), 1).getFirst().items());
  }

  @Test
  void convertsChannels() {
    Seen seen = run(numbered(4), Loading.evaluation(4).channels(1), 1).getFirst();
    assertThat(seen.pictures()).hasSize(4 * 12);
    int grey = numbered(4).picture(1).channels(1).get(0, 0, 0);
    assertThat(seen.pictures()[12]).isEqualTo(grey);
  }

  @Test
  void refusesToWaitForABatchThatNobodyCanRelease() {
    for (int threads : new int[] {0, 1}) {
      try (Loader loader =
          Loader.of(numbered(40), Loading.evaluation(4).threads(threads).ring(3))) {
        Batch first = loader.next();
        loader.next();
        loader.next();
        assertThatThrownBy(loader::next)
            .isInstanceOf(IllegalStateException.class)
            .hasMessage(
                "numbered: all 3 batches of the ring are held: release one before asking for the"
                    + " next");
        first.release();
        assertThatThrownBy(first::release).hasMessage("this batch was released already");
        assertThat(loader.next().item(0)).isEqualTo(12);
      }
    }
  }

  /// Picture 9 cannot be read.
  private record Faulty(Dataset whole, RuntimeException fault) implements Dataset {
    @Override
    public String name() {
      return "faulty";
    }

    @Override
    public int size() {
      return whole.size();
    }

    @Override
    public List<String> classes() {
      return whole.classes();
    }

    @Override
    public int label(int i) {
      return whole.label(i);
    }

    @Override
    public Optional<PictureShape> shape() {
      return whole.shape();
    }

    @Override
    public Picture picture(int i) {
      if (i == 9) {
        throw fault;
      }
      return whole.picture(i);
    }

    @Override
    public String fingerprint() {
      return "faulty";
    }
  }

  @Test
  void anErrorComesToTheConsumerWhenItsBatchIsDueAndNamesTheFile() {
    var data =
        new Faulty(numbered(20), new FormatException("dogs/9.png: at byte 3: not a picture"));
    for (int threads : new int[] {0, 1, 3}) {
      try (Loader loader = Loader.of(data, Loading.evaluation(4).threads(threads))) {
        loader.next().release();
        loader.next().release();
        assertThatThrownBy(loader::next)
            .isInstanceOf(FormatException.class)
            .hasMessage("dogs/9.png: at byte 3: not a picture");
        assertThatThrownBy(loader::next).hasMessage("faulty: the loader is closed");
      }
    }
    var bug = new Faulty(numbered(20), new ArithmeticException("by zero"));
    try (Loader loader = Loader.of(bug, Loading.evaluation(20))) {
      assertThatThrownBy(loader::next)
          .hasMessageContaining("faulty picture 9: java.lang.ArithmeticException: by zero");
    }
  }

  @Test
  void closingEndsTheThreads() {
    Loader loader = Loader.of(numbered(20), Loading.training(2, 1).threads(3));
    loader.next();
    loader.close();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(t -> t.getName().startsWith("unfold-loader"));
    assertThatThrownBy(loader::next).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theEndOfTheLastEpochIsTheEnd() {
    try (Loader loader = Loader.of(numbered(4), Loading.evaluation(4))) {
      loader.next().release();
      assertThat(loader.hasNext()).isFalse();
      assertThatThrownBy(loader::next)
          .isInstanceOf(NoSuchElementException.class)
          .hasMessage("numbered: the 1 epochs asked for are over");
    }
  }

  @Test
  void refusesSettingsThatGiveNoBatch() {
    assertThatThrownBy(() -> Loader.of(numbered(3), Loading.training(4, 1)))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "numbered has 3 pictures, too few for a full batch of 4: make the batch smaller or keep"
                + " the last one");
    assertThatThrownBy(() -> Loader.of(numbered(9), Loading.training(4, 1).from(0, 2)))
        .hasMessage(
            "numbered has 2 batches of 4 an epoch (0 to 1): there is no batch 2 to start from");
    assertThatThrownBy(() -> Loading.training(0, 1))
        .hasMessage("the batch must be at least 1, but is 0");
  }

  @Test
  void thePlainCopyAllocatesNothingPerBatch() {
    Loading loading =
        Loading.training(8, 1).shuffle(false).threads(0).epochs(Long.MAX_VALUE / 1000);
    try (Loader loader = Loader.of(numbered(800), loading)) {
      Runnable window =
          () -> {
            for (int k = 0; k < 1000; k++) {
              loader.next().release();
            }
          };
      assertThat(HeapUse.quietest(window)).as("bytes on the heap for 1000 batches").isZero();
    }
  }
}
