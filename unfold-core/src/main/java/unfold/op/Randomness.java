package unfold.op;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Random ops. They draw nothing from hidden state: the same operands give the same result.
public sealed interface Randomness extends Op {
  /// The stream of random bits that this op draws from.
  int stream();

  /// What is dropped together.
  enum Grain {
    /// each element by itself
    ELEMENT,
    /// all positions of one channel of one item
    CHANNEL,
    /// a whole item of the batch (drop-path)
    ITEM
  }

  /// y = x·keep/(1 − rate), keep = 0 with probability `rate`, else 1. Its own adjoint: applied to
  /// dy with the same key it drops the same places.
  ///
  /// Operands: x, key [4] i32 = (seed low, seed high, step low, step high). Grain number i is kept
  /// if word i mod 4 of the Philox4x32-10 block with key (seed) and counter (⌊i/4⌋, `stream`, step
  /// low, step high), read as an unsigned number, is at least `rate`·2³². Elements are numbered in
  /// channels-last order (N, H, W, C) for rank 4, else row-major; channels n·C + c; items n.
  record Dropout(double rate, int stream, Grain grain) implements Randomness {
    public Dropout {
      if (!(rate >= 0 && rate < 1)) {
        throw new IllegalArgumentException("dropout rate " + rate + " must be in [0, 1)");
      }
    }

    @Override
    public String name() {
      return "dropout";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("rate", rate).with("stream", stream).with("grain", grain);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "x", "key").real(0).dtype(1, DType.I32);
      in.shape(1, Shape.of(4), "seed and step, two words each");
      int axes = grain == Grain.ELEMENT ? 0 : grain == Grain.CHANNEL ? 2 : 1;
      if (in.shape(0).rank() < axes) {
        throw in.error(
            in.show(0) + " has no " + grain.name().toLowerCase(Locale.ROOT) + " to drop");
      }
      return List.of(in.type(0));
    }
  }

  /// y[i] uniform in [0, 1), f32: for choices that are more than dropping, such as one of several
  /// paths. Nothing to differentiate.
  ///
  /// Operand: key [4] i32 as for [Dropout]. y[i], in row-major order, is the upper 24 bits of word
  /// i mod 4 of the block at counter (⌊i/4⌋, `stream`, step low, step high), times 2⁻²⁴: exact in
  /// f32.
  record Uniform(Shape shape, int stream) implements Randomness {
    @Override
    public String name() {
      return "uniform";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("shape", shape).with("stream", stream);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "key").dtype(0, DType.I32);
      in.shape(0, Shape.of(4), "seed and step, two words each");
      return List.of(new TensorType(DType.F32, shape));
    }
  }

  static @Nullable Op read(String name, Attributes a) {
    return switch (name) {
      case "dropout" ->
          new Dropout(a.real("rate"), a.integer("stream"), a.constant("grain", Grain.class));
      case "uniform" -> new Uniform(a.shape("shape"), a.integer("stream"));
      default -> null;
    };
  }
}
