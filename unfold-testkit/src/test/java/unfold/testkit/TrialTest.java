package unfold.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import unfold.backend.Backend;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.backend.reference.ReferenceBackend;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

/// A suite that sees nothing proves nothing: each kind of fault is planted once.
class TrialTest {
  private static final String SAMPLE = "affine 3x37 scale=0.5 shift=-1.5";
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /// Spoils a correct kernel of one input and one output.
  private interface Fault {
    void spoil(MemorySegment input, MemorySegment output, MemorySegment scratch);
  }

  @Test
  void aSoundKernelPasses() {
    assertThat(complaints(SAMPLE, (_, _, _) -> {})).isEmpty();
  }

  @Test
  void seesAWrongNumberAndSaysWhere() {
    assertThat(
            complaints(
                SAMPLE, (_, y, _) -> y.setAtIndex(FLOAT, 38, y.getAtIndex(FLOAT, 38) + 0x1p-10f)))
        .first()
        .asString()
        .startsWith("result 0 f32[3x37]: 1 of 111 elements are off; worst at [1, 1]: got ");
  }

  @Test
  void seesWhatWasNotWritten() {
    assertThat(complaints(SAMPLE, (_, y, _) -> y.asSlice(40, 4).fill((byte) 0xFF)))
        .first()
        .asString()
        .contains("worst at [0, 10]: got NaN");
  }

  @Test
  void seesAChangedOperand() {
    // An operand that follows the output in memory is out of a Java segment's reach, a native
    // kernel's not; so the operand itself is written here.
    assertThat(complaints(SAMPLE, (x, _, _) -> x.setAtIndex(FLOAT, 0, 3)))
        .contains("changed operand 0");
  }

  @Test
  void seesBitsThatChangeFromRunToRun() {
    int[] runs = {0};
    assertThat(
            complaints(
                SAMPLE,
                (_, y, _) -> {
                  float v = y.getAtIndex(FLOAT, 5);
                  y.setAtIndex(FLOAT, 5, runs[0]++ % 2 == 0 ? v : Math.nextUp(v));
                }))
        .containsOnly("result 0 has other bits after a second run");
  }

  @Test
  void seesAKernelThatLiesAboutWorkingInPlace() {
    // Reads its input after it has written its output.
    Fault late = (x, y, _) -> y.setAtIndex(FLOAT, 7, x.getAtIndex(FLOAT, 7) * 0.5f - 1.5f);
    assertThat(complaints(SAMPLE, late))
        .singleElement()
        .asString()
        .startsWith("in place {0=0}: result 0 f32[3x37]: 1 of 111 elements are off");
  }

  @Test
  void seesWritesIntoTheHolesOfAStridedResult() {
    Sample sample = Samples.read(SAMPLE);
    var holes = new Layout.Strided(List.of(40L, 1L));
    TensorType type = TensorType.f32(3, 37);
    Candidate copy =
        new ReferenceBackend()
            .convert(type, Layout.rowMajor(type.shape()), type, holes)
            .orElseThrow();
    var spoilt = new Spoilt(copy, (_, y, _) -> y.setAtIndex(FLOAT, 38, 0));
    var call = Call.of(sample.op(DType.F32), sample.inputs(DType.F32));
    var operands = sample.draw(DType.F32, 1);
    // the sample's op is not what the candidate computes; what it should give is its operand
    var trial = new Trial(new ReferenceBackend(), sample, call, operands, operands);
    assertThat(trial.run(copy).complaints()).isEmpty();
    assertThat(trial.run(spoilt).complaints())
        .containsExactly("result 0: wrote into the holes of strides[40, 1]");
  }

  @Test
  @SuppressWarnings("restricted") // to write where a native kernel could
  void seesWritesBesideTheMemory() {
    try (var arena = Arena.ofConfined()) {
      var memory = new GuardedMemory(arena, 8);
      assertThat(memory.intact()).isTrue();
      MemorySegment beyond = MemorySegment.ofAddress(memory.inner().address() + 8).reinterpret(1);
      beyond.set(ValueLayout.JAVA_BYTE, 0, (byte) 0);
      assertThat(memory.intact()).isFalse();
    }
  }

  @Test
  void reportsWhatWasDeclined() {
    Backend nobody =
        new Backend() {
          @Override
          public String name() {
            return "nobody";
          }

          @Override
          public Offer offer(Call call) {
            return Offer.declined("gone fishing");
          }

          @Override
          public Optional<Candidate> convert(
              TensorType from, Layout fromLayout, TensorType to, Layout toLayout) {
            return Optional.empty();
          }

          @Override
          public Traits traits() {
            return new Traits(false);
          }
        };
    assertThat(BackendSuite.tests(nobody)).hasSize(1);
    assertThat(BackendSuite.run(nobody, Samples.read(SAMPLE), DType.F32, 1)).isEmpty();
  }

  /// All complaints about the first (standard) way to call a sample.
  private static List<String> complaints(String name, Fault fault) {
    Sample sample = Samples.read(name);
    Backend backend = new Faulty(fault);
    return BackendSuite.run(backend, sample, DType.F32, 1).stream()
        .flatMap(f -> f.complaints().stream().map(c -> place(f) + c))
        .toList();
  }

  private static String place(Trial.Finding finding) {
    int at = finding.candidate().indexOf("in place");
    return at < 0 ? "" : finding.candidate().substring(at) + ": ";
  }

  private record Spoilt(Candidate sound, Fault fault) implements Candidate {
    @Override
    public String label() {
      return "spoilt";
    }

    @Override
    public List<Layout> inputs() {
      return sound.inputs();
    }

    @Override
    public List<Layout> outputs() {
      return sound.outputs();
    }

    @Override
    public long scratchBytes() {
      return sound.scratchBytes();
    }

    @Override
    public List<InPlace> inPlace() {
      return sound.inPlace();
    }

    @Override
    public Kernel bind(
        List<MemorySegment> inputs, List<MemorySegment> outputs, MemorySegment scratch) {
      Kernel kernel = sound.bind(inputs, outputs, scratch);
      return () -> {
        kernel.run();
        fault.spoil(inputs.getFirst(), outputs.getFirst(), scratch);
      };
    }
  }

  private record Faulty(Fault fault) implements Backend {
    private static final Backend REFERENCE = new ReferenceBackend();

    @Override
    public String name() {
      return "faulty";
    }

    @Override
    public Offer offer(Call call) {
      return switch (REFERENCE.offer(call)) {
        case Offer.Accepted(var candidates) ->
            new Offer.Accepted(
                candidates.stream().map(c -> (Candidate) new Spoilt(c, fault)).toList());
        case Offer.Declined declined -> declined;
      };
    }

    @Override
    public Optional<Candidate> convert(
        TensorType from, Layout fromLayout, TensorType to, Layout toLayout) {
      return REFERENCE.convert(from, fromLayout, to, toLayout);
    }

    @Override
    public Traits traits() {
      return new Traits(false);
    }
  }
}
