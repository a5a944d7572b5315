package unfold.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BlockTest {
  private static final long LARGE = (16 << 20) + 12_345;

  @Test
  void aLargeBlockIsZeroAndBeginsAtAHugePage() {
    Block block = Block.allocate(LARGE);
    var memory = block.segment();
    assertThat(memory.byteSize()).isEqualTo(LARGE);
    assertThat(memory.address() % 64).isZero();
    if (System.getProperty("os.name").equals("Linux")) {
      assertThat(memory.address() % (2 << 20)).isZero();
    }
    for (long at : List.of(0L, LARGE / 2, LARGE - 1)) {
      assertThat(memory.get(ValueLayout.JAVA_BYTE, at)).isZero();
      memory.set(ValueLayout.JAVA_BYTE, at, (byte) 7);
      assertThat(memory.get(ValueLayout.JAVA_BYTE, at)).isEqualTo((byte) 7);
    }
    Reference.reachabilityFence(block);
  }

  @Test
  void aBlockNobodyHoldsIsGivenBack() throws InterruptedException {
    long before = Block.liveBytes();
    long with = before + touch();
    assertThat(with).isGreaterThanOrEqualTo(before + LARGE);
    for (int i = 0; i < 200 && Block.liveBytes() >= before + LARGE; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(Block.liveBytes()).isLessThan(before + LARGE);
  }

  /// Bytes that are live while a block is held.
  private static long touch() {
    long before = Block.liveBytes();
    Block block = Block.allocate(LARGE);
    block.segment().fill((byte) 1);
    long grown = Block.liveBytes() - before;
    Reference.reachabilityFence(block);
    return grown;
  }

  @Test
  void piecesOfAShelfAreAlignedZeroAndApart() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var shelf = new Shelf();
    var pieces = new ArrayList<Shelf.Piece>();
    for (int i = 0; i < 200; i++) {
      long bytes = random.nextInt(i % 20 == 0 ? 300_000 : 3_000);
      var piece = shelf.allocate(bytes);
      assertThat(piece.data().byteSize()).isEqualTo(bytes);
      assertThat(piece.data().address() % 64).as("seed %d", seed).isZero();
      assertThat(piece.data().mismatch(MemorySegment.ofArray(new byte[(int) bytes])))
          .as("seed %d", seed)
          .isEqualTo(-1);
      piece.data().fill((byte) (i + 1));
      pieces.add(piece);
    }
    for (int i = 0; i < pieces.size(); i++) {
      byte[] expected = new byte[(int) pieces.get(i).data().byteSize()];
      Arrays.fill(expected, (byte) (i + 1));
      assertThat(pieces.get(i).data().mismatch(MemorySegment.ofArray(expected)))
          .as("piece %d, seed %d", i, seed)
          .isEqualTo(-1);
    }
  }
}
