package unfold.interop.torch;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.error.FormatException;
import unfold.interop.StoredTensor;

/// Whatever bytes come, they are read or refused with a reason, and nothing is run. `JAZZER_FUZZ=1`
/// looks for more of them; else these run: what torch.save wrote, as zip archives and in its old
/// form.
final class TorchFuzzTest {
  private static final TorchLimits SMALL =
      new TorchLimits(20, 1 << 16, 2000, 200, 200, 20, 50, 8, 100, 4);

  static Stream<byte[]> archives() {
    return samples(true);
  }

  static Stream<byte[]> stacked() {
    return samples(false);
  }

  static Stream<byte[]> pickles() {
    return Stream.of(
        Pickle.good(2).bytes(),
        new Pickle().global("os", "system").raw('(').text("x").raw('t', 'R').bytes(),
        new Pickle().raw('}', '(').text("a").raw(']', 'u').bytes());
  }

  private static Stream<byte[]> samples(boolean zip) {
    return TorchSample.all().stream()
        .map(TorchSample::bytes)
        .filter(bytes -> Zip.is(MemorySegment.ofArray(bytes)) == zip);
  }

  @MethodSource("archives")
  @FuzzTest(maxDuration = "2m")
  void readsOrRefusesArchives(byte[] bytes) {
    read(bytes);
  }

  @MethodSource("stacked")
  @FuzzTest(maxDuration = "2m")
  void readsOrRefusesTheOldForm(byte[] bytes) {
    read(bytes);
  }

  /// The archive's checksums stop nearly every change to a file; here it is made around the pickle.
  @MethodSource("pickles")
  @FuzzTest(maxDuration = "2m")
  void readsOrRefusesPickles(byte[] pickle) {
    if (pickle.length < 1 << 16) {
      read(Archive.torch(pickle, new byte[16], new byte[5]));
    }
  }

  private static void read(byte[] bytes) {
    try {
      TorchReader.parse("fuzz", MemorySegment.ofArray(bytes), SMALL)
          .tensors()
          .values()
          .forEach(StoredTensor::tensor);
    } catch (FormatException _) {
      // That is how a file is refused.
    }
  }
}
