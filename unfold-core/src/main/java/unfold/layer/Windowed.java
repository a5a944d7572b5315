package unfold.layer;

import unfold.op.Window;

/// A layer that slides a window over a picture: its kernel's size and how it moves.
public sealed interface Windowed extends Layer permits Conv2d, MaxPool2d, AveragePool2d {
  int kernelH();

  int kernelW();

  Window window();

  /// The same layer with another stride, padding or dilation.
  Windowed window(Window other);
}
