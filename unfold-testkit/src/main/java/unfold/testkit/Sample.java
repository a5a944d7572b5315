package unfold.testkit;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import unfold.op.Op;
import unfold.random.Stream;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// One call of one op, with a one-line name that says all of it: [Samples#read] of the name gives
/// the sample back. The op is written for each element type it is run in, since some ops name their
/// result's type.
///
/// @param form the op when run in this type
/// @param types the element types it is run in: f64 for its gradient, f32 and bf16 on backends
/// @param slack how many times the usual [Tolerance] a result may be off
/// @param slackReason why
/// @param drift what roundings to bf16 on the way cost more, as a share of the largest number
public record Sample(
    String name,
    Function<DType, Op> form,
    List<Operand> operands,
    Set<DType> types,
    double slack,
    String slackReason,
    double drift) {
  private static final Set<DType> REALS = EnumSet.of(DType.F64, DType.F32, DType.BF16);

  public Sample {
    operands = List.copyOf(operands);
    types = Set.copyOf(types);
  }

  /// Run in all real types.
  static Sample of(Words words, Function<DType, Op> form, Operand... operands) {
    return new Sample(words.name(), form, List.of(operands), REALS, 1, "", 0);
  }

  /// Run as it is: no element type follows the one it is run in.
  static Sample fixed(Words words, Op op, Operand... operands) {
    return of(words, _ -> op, operands).in(DType.F32);
  }

  Sample in(DType... types) {
    return new Sample(name, form, operands, Set.of(types), slack, slackReason, drift);
  }

  Sample slack(double factor, String reason) {
    return new Sample(name, form, operands, types, factor, reason, drift);
  }

  /// Values that are rounded to bf16 within the op go on from there.
  Sample drift(double ofLargest) {
    return new Sample(name, form, operands, types, slack, slackReason, ofLargest);
  }

  public Op op(DType real) {
    return form.apply(real);
  }

  /// The operand types when run in `real`.
  public List<TensorType> inputs(DType real) {
    return operands.stream().map(o -> o.type(real)).toList();
  }

  /// Operands drawn from a seed.
  public List<Tensor> draw(DType real, long seed) {
    var drawn = new ArrayList<Tensor>();
    for (int i = 0; i < operands.size(); i++) {
      Operand o = operands.get(i);
      var random = Stream.of(seed, name, i);
      drawn.add(o.draw().draw(random, o.type(real), List.copyOf(drawn)));
    }
    return List.copyOf(drawn);
  }

  /// What a result may be off when run in `real`.
  public Tolerance tolerance(DType real, DType result) {
    Tolerance usual = Tolerance.of(result).drift(real == DType.BF16 ? drift : 0);
    return slack == 1 ? usual : usual.times(slack, slackReason);
  }

  @Override
  public String toString() {
    return name;
  }
}
