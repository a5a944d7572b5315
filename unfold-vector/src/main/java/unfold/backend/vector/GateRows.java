package unfold.backend.vector;

import java.util.ArrayList;
import java.util.List;
import unfold.backend.Kernel;
import unfold.backend.Workers;
import unfold.tensor.TensorType;

/// Rows of a recurrent step, gate by gate. Each operand and result is N rows of some gates, one
/// after the other, of H units each; a body gets the address of every gate of a row and runs loops
/// over the units. Units that fill no whole vector are copied to slots, and computed on there.
///
/// @param types of operands and results, operands first
/// @param gates how many each has
/// @param operands how many of them are operands
/// @param shared operands that have one row of gates for all rows (peepholes); −1 for none
/// @param buffers f32 rows that a body needs
record GateRows(
    int rows,
    int units,
    boolean bf16,
    List<TensorType> types,
    List<Integer> gates,
    int operands,
    int shared,
    int buffers) {
  GateRows {
    types = List.copyOf(types);
    gates = List.copyOf(gates);
  }

  /// The arithmetic of one row.
  @FunctionalInterface
  interface Body {
    /// @param at address of each gate, operands first; 0 for a result that is left out
    /// @param buffer room for f32 rows, `pitch` bytes apart
    void run(boolean bf16, long[] at, long buffer, long pitch, int n);
  }

  private int sections() {
    return gates.stream().mapToInt(Integer::intValue).sum();
  }

  private long pitch() {
    return Row.bytes(Math.max(units, Raw.L));
  }

  private long roomOfPart() {
    return buffers * pitch() + Tail.align(4L * Raw.L * sections());
  }

  private int parts(Workers workers) {
    // An exponential or quotient for every few bytes: worth sharing four times as early.
    long bytes = types.stream().mapToLong(TensorType::bytes).sum();
    return Split.parts(workers, rows, 4 * bytes);
  }

  long scratch(Workers workers) {
    return parts(workers) * roomOfPart();
  }

  Kernel bind(Workers workers, long[] in, long[] out, long scratch, Body body) {
    int parts = parts(workers);
    var threads = new ArrayList<Part>();
    for (int i = 0; i < parts; i++) {
      threads.add(new Part(in, out, scratch + i * roomOfPart(), body));
    }
    Part[] each = threads.toArray(Part[]::new);
    return Split.share(workers, parts, rows, (part, from, to) -> each[part].run(from, to));
  }

  /// The rows of one thread.
  private final class Part {
    private final Body body;
    private final long buffer;
    private final long slots;
    private final long[] base = new long[sections()];
    private final long[] pitch = new long[sections()];
    private final int[] bytes = new int[sections()];
    private final boolean[] isResult = new boolean[sections()];
    private final long[] at = new long[sections()];

    Part(long[] in, long[] out, long scratch, Body body) {
      this.body = body;
      this.buffer = scratch;
      this.slots = scratch + buffers * GateRows.this.pitch();
      int s = 0;
      for (int v = 0; v < types.size(); v++) {
        long address = v < operands ? in[v] : out[v - operands];
        int width = types.get(v).dtype().bytes();
        for (int g = 0; g < gates.get(v); g++, s++) {
          base[s] = address == 0 ? 0 : address + (long) g * units * width;
          pitch[s] = v == shared || address == 0 ? 0 : (long) gates.get(v) * units * width;
          bytes[s] = width;
          isResult[s] = v >= operands;
        }
      }
    }

    void run(long from, long to) {
      int whole = units / Raw.L * Raw.L;
      for (long n = from; n < to; n++) {
        for (int s = 0; s < at.length; s++) {
          at[s] = base[s] + n * pitch[s];
        }
        if (whole > 0) {
          body.run(bf16, at, buffer, GateRows.this.pitch(), whole);
        }
        if (whole < units) {
          tail(n, whole);
        }
      }
    }

    private void tail(long n, int whole) {
      int rest = units - whole;
      for (int s = 0; s < at.length; s++) {
        if (base[s] != 0) {
          at[s] = slots + 4L * Raw.L * s;
          if (!isResult[s]) {
            FillLoops.zero(at[s], 4L * Raw.L);
            Raw.copy(place(s, n, whole), at[s], (long) rest * bytes[s]);
          }
        }
      }
      body.run(bf16, at, buffer, GateRows.this.pitch(), Raw.L);
      for (int s = 0; s < at.length; s++) {
        if (isResult[s] && base[s] != 0) {
          Raw.copy(at[s], place(s, n, whole), (long) rest * bytes[s]);
        }
      }
    }

    private long place(int s, long n, int unit) {
      return base[s] + n * pitch[s] + (long) unit * bytes[s];
    }
  }
}
