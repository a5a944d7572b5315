package unfold.plan;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import unfold.backend.Backend;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.op.Linear;
import unfold.op.Movement;
import unfold.op.Op;
import unfold.op.Pointwise;
import unfold.op.Updates;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// A backend for tests that knows few ops, in any layout.
public final class FakeBackend implements Backend {
  private enum Style {
    PLAIN,
    PICKY,
    PACKING,
    ONE_WAY,
    YIELDING
  }

  private final String name;
  private final Style style;
  private final long seed;
  private long asked;

  private FakeBackend(String name, Style style, long seed) {
    this.name = name;
    this.style = style;
    this.seed = seed;
  }

  /// Standard layouts only.
  public static FakeBackend plain() {
    return named("fake");
  }

  public static FakeBackend named(String name) {
    return new FakeBackend(name, Style.PLAIN, 0);
  }

  /// Asks for layouts of its own at random.
  public static FakeBackend picky(String name, long seed) {
    return new FakeBackend(name, Style.PICKY, seed);
  }

  /// As fast libraries do: a matrix product wants its right-hand side packed, and one with a
  /// transposed left-hand side, as weight gradients are, writes a packed result.
  public static FakeBackend packing() {
    return new FakeBackend("packing", Style.PACKING, 0);
  }

  /// Wants the right-hand side of a matrix product packed, and converts nothing packed back.
  static FakeBackend oneWay() {
    return new FakeBackend("packing", Style.ONE_WAY, 0);
  }

  /// Steps back behind any other.
  static FakeBackend yielding() {
    return new FakeBackend("yielding", Style.YIELDING, 0);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Traits traits() {
    return new Traits(false);
  }

  @Override
  public Offer offer(Call call) {
    var random = new Random(seed + 31 * asked++);
    var inputs = new ArrayList<Layout>();
    var outputs = new ArrayList<Layout>();
    boolean update = call.op() instanceof Updates;
    for (int i = 0; i < call.inputs().size(); i++) {
      inputs.add(update ? call.layouts().get(i) : layout(call.inputs().get(i), random));
    }
    for (int i = 0; i < call.outputs().size(); i++) {
      outputs.add(
          call.op() instanceof Updates u
              ? call.layouts().get(old(u, call, i))
              : layout(call.outputs().get(i), random));
    }
    if (packs() && call.op() instanceof Linear.MatMul m) {
      inputs.set(1, reversed(call.inputs().get(1)));
      if (m.transposeA() && style == Style.PACKING) {
        outputs.set(0, reversed(call.outputs().getFirst()));
      }
    }
    var inPlace = new ArrayList<Candidate.InPlace>();
    switch (call.op()) {
      case Pointwise.Unary _, Pointwise.Binary _, Pointwise.Affine _ -> {
        for (int i = 0; i < inputs.size(); i++) {
          if (inputs.get(i).equals(outputs.getFirst())
              && call.inputs().get(i).equals(call.outputs().getFirst())) {
            inPlace.add(new Candidate.InPlace(0, i));
          }
        }
      }
      case Updates.Sgd u -> {
        for (int i = 0; i < outputs.size(); i++) {
          inPlace.add(new Candidate.InPlace(i, old(u, call, i)));
        }
      }
      case Linear.MatMul _, Pointwise.Cast _, Movement.Slice _, Movement.Concat _ -> {}
      default -> {
        return Offer.declined(name + " does not know " + call.op().name());
      }
    }
    return Offer.of(new Fake(name, call, inputs, outputs, inPlace, style == Style.YIELDING));
  }

  @Override
  public Optional<Candidate> convert(
      TensorType from, Layout fromLayout, TensorType to, Layout toLayout) {
    if (!known(fromLayout)
        || !known(toLayout)
        || style == Style.ONE_WAY && fromLayout instanceof Layout.Packed) {
      return Optional.empty();
    }
    var call =
        new Call(
            new Pointwise.Cast(to.dtype()),
            List.of(from),
            List.of(to),
            List.of(fromLayout),
            List.of(true));
    return Optional.of(
        new Fake(name, call, List.of(fromLayout), List.of(toLayout), List.of(), false));
  }

  /// The operand whose new value is a result.
  private static int old(Updates op, Call call, int result) {
    int n = op.parameters(call.inputs().size());
    return op.leading() + (result < n ? result : result + n);
  }

  private boolean packs() {
    return style == Style.PACKING || style == Style.ONE_WAY;
  }

  private boolean known(Layout layout) {
    return !(layout instanceof Layout.Packed p) || p.backend().equals(name);
  }

  private Layout layout(TensorType type, Random random) {
    if (style != Style.PICKY) {
      return Layout.standard(type.shape());
    }
    return switch (random.nextInt(3)) {
      case 0 -> Layout.standard(type.shape());
      case 1 -> Layout.rowMajor(type.shape());
      default -> reversed(type);
    };
  }

  /// Last element first, behind one element of padding.
  public Layout reversed(TensorType type) {
    return new Layout.Packed(
        name,
        List.of("reversed", type),
        (type.shape().size() + 1) * type.dtype().bytes(),
        "reversed");
  }

  /// Memory seen as elements in row-major order.
  private record Cells(TensorType type, Layout layout, MemorySegment data) {
    Cells {
      if (data.byteSize() < layout.bytes(type)) {
        throw new IllegalArgumentException(type + " in " + data.byteSize() + " bytes");
      }
    }

    double get(long i) {
      return Tensor.read(data, type.dtype(), place(i));
    }

    void set(long i, double value) {
      Tensor.write(data, type.dtype(), place(i), value);
    }

    private long place(long i) {
      return switch (layout) {
        case Layout.Strided s -> {
          long at = 0;
          long rest = i;
          for (int axis = type.shape().rank() - 1; axis >= 0; axis--) {
            at += rest % type.shape().dim(axis) * s.strides().get(axis);
            rest /= type.shape().dim(axis);
          }
          yield at;
        }
        case Layout.Packed _ -> type.shape().size() - i;
      };
    }

    long size() {
      return type.shape().size();
    }
  }

  private record Fake(
      String backend,
      Call call,
      List<Layout> inputs,
      List<Layout> outputs,
      List<InPlace> inPlace,
      boolean yields)
      implements Candidate {
    @Override
    public String label() {
      return call.op().name();
    }

    @Override
    public long scratchBytes() {
      return 100;
    }

    @Override
    public Kernel bind(List<MemorySegment> in, List<MemorySegment> out, MemorySegment scratch) {
      var x = new ArrayList<Cells>();
      var y = new ArrayList<Cells>();
      for (int i = 0; i < in.size(); i++) {
        x.add(new Cells(call.inputs().get(i), inputs.get(i), in.get(i)));
      }
      for (int i = 0; i < out.size(); i++) {
        y.add(new Cells(call.outputs().get(i), outputs.get(i), out.get(i)));
      }
      return () -> {
        scratch.fill((byte) 0x7F);
        compute(call.op(), x, y);
      };
    }

    private static void compute(Op op, List<Cells> x, List<Cells> y) {
      Cells out = y.getFirst();
      switch (op) {
        case Pointwise.Unary(var f) -> {
          for (long i = 0; i < out.size(); i++) {
            double v = x.getFirst().get(i);
            out.set(i, f == Pointwise.UnaryFunction.SQUARE ? v * v : -v);
          }
        }
        case Pointwise.Affine(double scale, double shift) -> {
          for (long i = 0; i < out.size(); i++) {
            out.set(i, scale * x.getFirst().get(i) + shift);
          }
        }
        case Pointwise.Cast _ -> {
          for (long i = 0; i < out.size(); i++) {
            out.set(i, x.getFirst().get(i));
          }
        }
        case Pointwise.Binary(var f, _) -> {
          DoubleBinaryOperator g =
              f == Pointwise.BinaryFunction.ADD ? Double::sum : (a, b) -> a * b;
          for (long i = 0; i < out.size(); i++) {
            out.set(i, g.applyAsDouble(x.get(0).get(i), x.get(1).get(i)));
          }
        }
        case Movement.Slice s -> {
          for (long i = 0; i < out.size(); i++) {
            out.set(
                i,
                x.getFirst()
                    .get(index(i, out.type.shape(), x.getFirst().type.shape(), s.starts())));
          }
        }
        case Movement.Concat c -> {
          int at = 0;
          for (Cells part : x) {
            var starts = new ArrayList<>(Collections.nCopies(out.type.shape().rank(), 0));
            starts.set(c.axis(), at);
            for (long i = 0; i < part.size(); i++) {
              out.set(index(i, part.type.shape(), out.type.shape(), starts), part.get(i));
            }
            at += part.type.shape().dim(c.axis());
          }
        }
        case Linear.MatMul m -> product(m, x.get(0), x.get(1), out);
        case Updates.Sgd u -> {
          int n = u.parameters(x.size());
          for (int p = 0; p < n; p++) {
            for (long i = 0; i < y.get(p).size(); i++) {
              double move = x.get(2 + n + p).get(i);
              if (u.states() == 1) {
                move += u.momentum() * x.get(2 + 2 * n + p).get(i);
                y.get(n + p).set(i, move);
              }
              y.get(p).set(i, x.get(2 + p).get(i) - x.get(0).get(0) * x.get(1).get(0) * move);
            }
          }
        }
        default -> throw new IllegalStateException(op.name());
      }
    }

    /// Row-major number, in a larger shape, of element i of a part of it.
    private static long index(long i, Shape part, Shape whole, List<Integer> starts) {
      long at = 0;
      long rest = i;
      long[] strides = whole.strides();
      for (int axis = part.rank() - 1; axis >= 0; axis--) {
        at += (rest % part.dim(axis) + starts.get(axis)) * strides[axis];
        rest /= part.dim(axis);
      }
      return at;
    }

    private static void product(Linear.MatMul m, Cells a, Cells b, Cells y) {
      int rows = y.type.shape().dim(0);
      int columns = y.type.shape().dim(1);
      int depth = a.type.shape().dim(m.transposeA() ? 0 : 1);
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          double sum = 0;
          for (int k = 0; k < depth; k++) {
            sum +=
                a.get(m.transposeA() ? (long) k * rows + i : (long) i * depth + k)
                    * b.get(m.transposeB() ? (long) j * depth + k : (long) k * columns + j);
          }
          y.set((long) i * columns + j, sum);
        }
      }
    }
  }
}
