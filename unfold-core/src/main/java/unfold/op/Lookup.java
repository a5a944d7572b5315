package unfold.op;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Rows of a table by index: embeddings and their gradient, and constants.
public sealed interface Lookup extends Op {

  /// A value fixed in the program: one number for all elements.
  record Fill(TensorType type, double value) implements Lookup {
    @Override
    public String name() {
      return "fill";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("type", type.toString()).with("value", value);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      Operands.of(this, operands);
      return List.of(type);
    }
  }

  /// A value fixed in the program, element by element in row-major order (exact for f32 and
  /// narrower).
  record Constant(TensorType type, List<Double> values) implements Lookup {
    public Constant {
      values = List.copyOf(values);
      if (values.size() != type.shape().size()) {
        throw new IllegalArgumentException(
            "a constant "
                + type
                + " needs "
                + type.shape().size()
                + " values, not "
                + values.size());
      }
    }

    @Override
    public String name() {
      return "constant";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("type", type.toString()).with("values", values);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      Operands.of(this, operands);
      return List.of(type);
    }
  }

  /// y[i…] = table[index[i…]]; an index outside 0 … V−1 gives NaN.
  ///
  /// Operands: table [V×D], indices (any shape, i32). Result: [indices…×D].
  record Gather() implements Lookup {
    @Override
    public String name() {
      return "gather";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of();
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "table", "indices");
      in.rank(0, 2, "V×D").real(0).dtype(1, DType.I32);
      var dims = new ArrayList<>(in.shape(1).toList());
      dims.add(in.shape(0).dim(1));
      return List.of(in.type(0).with(Shape.of(dims)));
    }
  }

  /// The gradient of [Gather] in the table: row r is the sum of dy over the places where index = r;
  /// indices outside are skipped.
  ///
  /// Operands: dy [indices…×D], indices. Result: [rows×D] of type `out`.
  record GatherGrad(int rows, DType out) implements Lookup {
    @Override
    public String name() {
      return "gather_grad";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("rows", rows).with("out", out);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "dy", "indices").real(0).dtype(1, DType.I32);
      Shape dy = in.shape(0);
      if (dy.rank() < 1 || !dy.toList().subList(0, dy.rank() - 1).equals(in.shape(1).toList())) {
        throw in.error(in.show(0) + " must be the shape of " + in.show(1) + " and one more axis");
      }
      return List.of(new TensorType(out, Shape.of(rows, dy.dim(-1))));
    }
  }

  static @Nullable Op read(String name, Attributes a) {
    return switch (name) {
      case "fill" -> new Fill(TensorType.parse(a.word("type")), a.real("value"));
      case "constant" -> new Constant(TensorType.parse(a.word("type")), a.reals("values"));
      case "gather" -> new Gather();
      case "gather_grad" -> new GatherGrad(a.integer("rows"), a.dtype("out"));
      default -> null;
    };
  }
}
