package unfold.backend.vector;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.error.GraphException;
import unfold.op.Activation;
import unfold.op.Pointwise.Activate;
import unfold.tensor.TensorType;

class OursTest {
  private final Candidate relu =
      ((Offer.Accepted)
              new VectorBackend(Workers.single())
                  .offer(Call.of(new Activate(Activation.RELU), List.of(TensorType.f32(3, 5)))))
          .candidates()
          .getFirst();
  private final MemorySegment enough = Arena.ofAuto().allocate(60, 64);
  private final MemorySegment scratch = Arena.ofAuto().allocate(relu.scratchBytes(), 64);

  @Test
  void refusesAShortOperand() {
    assertThatThrownBy(() -> relu.bind(List.of(enough.asSlice(0, 56)), List.of(enough), scratch))
        .isInstanceOf(GraphException.class)
        .hasMessage(
            "vector activate: operand 0 of type f32[3x5] needs 60 bytes off the heap, got 56");
  }

  @Test
  void refusesMemoryOnTheHeap() {
    assertThatThrownBy(() ->
            relu.bind(List.of(enough), List.of(MemorySegment.ofArray(new float[15])), scratch))
        .hasMessage(
            "vector activate: result 0 of type f32[3x5] needs 60 bytes off the heap, got 60 on"
                + " the heap");
  }

  @Test
  void refusesAWantedResultWithoutMemory() {
    assertThatThrownBy(() -> relu.bind(List.of(enough), List.of(MemorySegment.NULL), scratch))
        .hasMessage("vector activate: result 0 is wanted, but has no memory");
  }

  @Test
  void refusesLittleScratch() {
    assertThatThrownBy(() -> relu.bind(List.of(enough), List.of(enough), scratch.asSlice(1)))
        .hasMessage(
            "vector activate: needs "
                + relu.scratchBytes()
                + " bytes of scratch, got "
                + (relu.scratchBytes() - 1));
  }
}
