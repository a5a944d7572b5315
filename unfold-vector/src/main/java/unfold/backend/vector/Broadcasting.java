package unfold.backend.vector;

import java.util.ArrayList;
import java.util.List;
import unfold.backend.Layout;
import unfold.tensor.Shape;

/// Walks operands that are stretched to a common shape, in the order in which the result lies in
/// memory (channels last for rank 4).
///
/// Axes that all operands walk alike are joined. The two innermost that are left make blocks of
/// `rows` × `columns`; each operand has a step between rows and one between columns, 0 where it is
/// stretched.
///
/// @param rows in one block
/// @param outer extents of the axes around the blocks, outermost first
/// @param steps of each operand: along the outer axes, then between rows, then between columns
record Broadcasting(int rows, int columns, List<Integer> outer, List<List<Long>> steps) {

  Broadcasting {
    outer = List.copyOf(outer);
    steps = List.copyOf(steps);
  }

  static Broadcasting of(Shape result, List<Shape> operands) {
    var extents = new ArrayList<Integer>();
    var steps = new ArrayList<List<Long>>();
    operands.forEach(_ -> steps.add(new ArrayList<>()));
    for (int axis : memoryOrder(result)) {
      int extent = result.dim(axis);
      if (extent == 1) {
        continue;
      }
      var step = new ArrayList<Long>();
      for (Shape s : operands) {
        step.add(step(s, axis - result.rank() + s.rank()));
      }
      int last = extents.size() - 1;
      boolean joins = last >= 0;
      for (int i = 0; joins && i < operands.size(); i++) {
        joins = steps.get(i).get(last) == step.get(i) * extent;
      }
      if (joins) {
        extents.set(last, extents.get(last) * extent);
      } else {
        extents.add(extent);
      }
      for (int i = 0; i < operands.size(); i++) {
        if (joins) {
          steps.get(i).set(last, step.get(i));
        } else {
          steps.get(i).add(step.get(i));
        }
      }
    }
    while (extents.size() < 2) {
      extents.addFirst(1);
      steps.forEach(s -> s.addFirst(0L));
    }
    int n = extents.size();
    return new Broadcasting(
        extents.get(n - 2),
        extents.get(n - 1),
        extents.subList(0, n - 2),
        steps.stream().map(List::copyOf).toList());
  }

  /// Axes from the outermost in memory to the innermost.
  static List<Integer> memoryOrder(Shape shape) {
    if (shape.rank() == 4) {
      return List.of(0, 2, 3, 1);
    }
    var axes = new ArrayList<Integer>();
    for (int i = 0; i < shape.rank(); i++) {
      axes.add(i);
    }
    return axes;
  }

  private static long step(Shape operand, int axis) {
    return axis < 0 || operand.dim(axis) == 1 ? 0 : Layout.standard(operand).strides().get(axis);
  }

  long blocks() {
    long n = 1;
    for (int extent : outer) {
      n *= extent;
    }
    return n;
  }

  long rowStep(int operand) {
    return steps.get(operand).get(outer.size());
  }

  long columnStep(int operand) {
    return steps.get(operand).get(outer.size() + 1);
  }

  /// Where a block of an operand begins, in elements.
  long[] begins(int operand) {
    long[] begins = new long[Math.toIntExact(blocks())];
    for (int b = 0; b < begins.length; b++) {
      long rest = b;
      for (int axis = outer.size() - 1; axis >= 0; axis--) {
        begins[b] += rest % outer.get(axis) * steps.get(operand).get(axis);
        rest /= outer.get(axis);
      }
    }
    return begins;
  }
}
