package unfold.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import unfold.op.Reduction.ArgMax;
import unfold.op.Reduction.Fold;
import unfold.op.Reduction.Reduce;

/// Folds: the shape of x, `fold=`, `axes=`, `keep`, `out=`; `axis=` for argmax.
final class ReductionSamples {
  private ReductionSamples() {}

  static List<String> names() {
    var names = new ArrayList<String>();
    for (Fold fold : Fold.values()) {
      String f = " fold=" + fold.name().toLowerCase(Locale.ROOT);
      names.add("reduce 3x37" + f + " axes=0");
      names.add("reduce 3x37" + f + " axes=1");
      names.add("reduce 2x6x5x7" + f + " axes=2,3 keep");
      names.add("reduce 2x6x5x7" + f + " axes=1 out=same");
      names.add("reduce 37" + f + " axes=0");
    }
    names.addAll(
        """
        reduce 128x10 fold=sum axes=0
        reduce 100x84 fold=sum axes=0
        reduce 4x24x9x9 fold=sum axes=0,2,3
        reduce 3x37x5x7 fold=sum axes=0,2,3
        reduce 2x6x28x28 fold=sum axes=0,2,3
        reduce 4x64x7x7 fold=mean axes=2,3 out=same
        reduce 4x37x7x7 fold=mean axes=2,3 out=same
        reduce 2x3x4 fold=sum axes=0,1,2
        reduce 4x64x16x16 fold=sum axes=0,2,3
        reduce 300x101 fold=sum axes=0
        reduce 300x101 fold=sum axes=0 out=same
        reduce 90x7 fold=sum axes=0 out=same
        reduce 300x101 fold=max axes=1
        reduce 300x101 fold=sum axes=0,1
        reduce 2x3x4 fold=sum axes=-
        reduce () fold=sum axes=-
        argmax 1x1 axis=1
        argmax 8x10 axis=1
        argmax 2x37x5 axis=1
        argmax 37 axis=0
        argmax 300x101 axis=1
        argmax 2x6x3x3 axis=1
        """
            .lines()
            .toList());
    return names;
  }

  static @Nullable Sample read(Words w) {
    return switch (w.op()) {
      case "reduce" -> {
        Fold fold = w.settings("").constant("fold", Fold.class);
        List<Integer> axes = w.settings("axes=-").integers("axes");
        Draw x =
            switch (fold) {
              case SUM, MEAN -> Draw.normal();
              case MAX, MIN -> Draw.spread();
            };
        yield Sample.of(
            w,
            real -> new Reduce(fold, axes, w.has("keep"), w.out(real, "wide")),
            Operand.real("x", w.shape(0), x));
      }
      case "argmax" -> {
        var op = new ArgMax(w.integer("axis", 1));
        yield Sample.of(w, _ -> op, Operand.real("x", w.shape(0), Draw.spread()).constant());
      }
      default -> null;
    };
  }
}
