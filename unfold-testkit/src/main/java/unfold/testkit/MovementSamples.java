package unfold.testkit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import unfold.op.Op;
import unfold.tensor.DType;

/// Elements that move: the shapes of the operands, then the settings of the op; `of=u8` another
/// element type.
final class MovementSamples {
  private MovementSamples() {}

  static List<String> names() {
    return """
    reshape 3x4 shape=12
    reshape 2x6x5x7 shape=2x210
    reshape 2x210 shape=2x6x5x7
    reshape 2x16x1x1 shape=2x16
    reshape 4x37 shape=37x4 of=i32
    reshape () shape=1x1
    transpose 3x37 order=1,0
    transpose 2x3x4 order=2,0,1
    transpose 2x3x5x7 order=0,2,3,1
    transpose 2x6x5x7 order=0,1,3,2
    transpose 3x4 order=1,0 of=u8
    transpose 300x101 order=1,0
    broadcast 37 shape=5x37
    broadcast 6x1x1 shape=2x6x5x7
    broadcast 2x6x1x1 shape=2x6x5x7
    broadcast () shape=3x4
    broadcast 1x3 shape=4x3 of=i32
    concat 2x3 2x4 axis=1
    concat 2x6x5x7 2x10x5x7 axis=1
    concat 2x3x5x7 2x37x5x7 2x16x5x7 axis=1
    concat 1x4x3x3 2x4x3x3 axis=0
    concat 2x4x3x3 2x4x2x3 axis=2
    concat 5 37 1 axis=0
    concat 4x24x16x16 4x40x16x16 axis=1
    concat 3x4 axis=0
    concat 2x3 2x4 axis=1 of=u8
    slice 7x9 start=1,2 size=3,4 step=1,1
    slice 7x9 start=0,1 size=4,4 step=2,2
    slice 2x37x5x7 start=0,6,0,0 size=2,24,5,7 step=1,1,1,1
    slice 2x8x6x6 start=0,0,0,0 size=2,8,3,3 step=1,1,2,2
    slice 5x3 start=2,0 size=0,3 step=1,1
    slice 9 start=3 size=2 step=5 of=i32
    slice 4x64x16x16 start=0,8,0,0 size=4,32,16,16 step=1,1,1,1
    unslice 3x4 start=1,2 step=1,1 shape=7x9
    unslice 4x4 start=0,1 step=2,2 shape=7x9
    unslice 2x8x3x3 start=0,0,0,0 step=1,1,2,2 shape=2x8x6x6
    unslice 2x24x5x7 start=0,6,0,0 step=1,1,1,1 shape=2x37x5x7
    pad 3x4 before=1,0 after=0,2 value=0
    pad 2x3x5x7 before=0,0,1,2 after=0,0,2,1 value=-1.5
    pad 4x24x16x16 before=0,0,2,2 after=0,0,2,2 value=0
    pad 2x6x5x7 before=0,1,0,0 after=0,4,0,0 value=0
    pad 2x3x4x4 before=0,0,1,1 after=0,0,1,1 value=7 of=u8
    """
        .lines()
        .toList();
  }

  static @Nullable Sample read(Words w) {
    return switch (w.op()) {
      case "reshape", "transpose", "broadcast", "concat", "slice", "unslice", "pad" -> {
        Op op = Op.read(w.op(), w.settings(""));
        boolean real = w.setting("of", "real").equals("real");
        var operands = new ArrayList<Operand>();
        for (int i = 0; i < w.shapeCount(); i++) {
          operands.add(
              real
                  ? Operand.real("x" + i, w.shape(i))
                  : Operand.fixed(
                      "x" + i,
                      w.shape(i),
                      DType.parse(w.setting("of", "")),
                      Draw.integers(0, 256)));
        }
        var all = operands.toArray(Operand[]::new);
        yield real ? Sample.of(w, _ -> op, all) : Sample.fixed(w, op, all);
      }
      default -> null;
    };
  }
}
