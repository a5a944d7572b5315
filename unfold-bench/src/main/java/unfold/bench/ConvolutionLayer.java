package unfold.bench;

import java.util.List;
import java.util.Locale;
import unfold.backend.Call;
import unfold.error.InputException;
import unfold.op.Convolution.Conv2d;
import unfold.op.Convolution.Conv2dWeightGrad;
import unfold.op.Convolution.ConvTranspose2d;
import unfold.op.Window;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

/// One convolution of a network, whose kernels are to be timed.
///
/// @param pad zeros on each side
/// @param count how often it occurs
/// @param data whether its input needs a gradient
record ConvolutionLayer(
    int channels,
    int size,
    int out,
    int kernel,
    int stride,
    int pad,
    int groups,
    int count,
    boolean data) {
  /// What is computed: y, dx or dw.
  enum Direction {
    FORWARD,
    DATA,
    WEIGHTS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Direction parse(String name) {
      for (Direction d : values()) {
        if (d.toString().equals(name)) {
          return d;
        }
      }
      throw new InputException("'" + name + "' is none of forward, data, weights");
    }
  }

  /// That direction as an op, with the types of its operands.
  Call call(Direction direction, int batch, DType dtype) {
    var window = Window.of(stride, pad);
    var x = TensorType.of(dtype, batch, channels, size, size);
    var w = TensorType.of(dtype, out, channels / groups, kernel, kernel);
    var forward = new Conv2d(window, groups);
    var y = forward.infer(List.of(x, w)).getFirst();
    return switch (direction) {
      case FORWARD -> Call.of(forward, List.of(x, w));
      case DATA -> Call.of(new ConvTranspose2d(window, groups, size, size), List.of(y, w));
      case WEIGHTS ->
          Call.of(new Conv2dWeightGrad(window, groups, kernel, kernel, DType.F32), List.of(x, y));
    };
  }

  /// The convolutions of a network.
  ///
  /// @throws InputException if there is no list for it
  static List<ConvolutionLayer> of(String network) {
    return switch (network) {
      case "lenet5" -> List.of(of(1, 28, 6, 5, 1, 1).first(), of(6, 14, 16, 5, 1, 1).unpadded());
      case "resnet20" ->
          List.of(
              of(3, 32, 16, 3, 1, 1).first(), of(16, 32, 16, 3, 1, 6),
              of(16, 32, 32, 3, 2, 1), of(32, 16, 32, 3, 1, 5),
              of(32, 16, 64, 3, 2, 1), of(64, 8, 64, 3, 1, 5));
      case "alexnet" ->
          List.of(
              of(64, 27, 192, 5, 1, 1),
              of(192, 13, 384, 3, 1, 1),
              of(384, 13, 256, 3, 1, 1),
              of(256, 13, 256, 3, 1, 1));
      case "resnet18" ->
          List.of(
              of(3, 224, 64, 7, 2, 1).first(),
              of(64, 56, 64, 3, 1, 4),
              of(64, 56, 128, 3, 2, 1),
              of(64, 56, 128, 1, 2, 1),
              of(128, 28, 128, 3, 1, 3),
              of(128, 28, 256, 3, 2, 1),
              of(128, 28, 256, 1, 2, 1),
              of(256, 14, 256, 3, 1, 3),
              of(256, 14, 512, 3, 2, 1),
              of(256, 14, 512, 1, 2, 1),
              of(512, 7, 512, 3, 1, 3));
      case "resnet50" ->
          List.of(
              of(3, 224, 64, 7, 2, 1).first(),
              of(64, 56, 64, 1, 1, 1),
              of(64, 56, 64, 3, 1, 3),
              of(64, 56, 256, 1, 1, 4),
              of(256, 56, 64, 1, 1, 2),
              of(256, 56, 128, 1, 1, 1),
              of(128, 56, 128, 3, 2, 1),
              of(128, 28, 512, 1, 1, 4),
              of(256, 56, 512, 1, 2, 1),
              of(512, 28, 128, 1, 1, 3),
              of(128, 28, 128, 3, 1, 3),
              of(512, 28, 256, 1, 1, 1),
              of(256, 28, 256, 3, 2, 1),
              of(256, 14, 1024, 1, 1, 6),
              of(512, 28, 1024, 1, 2, 1),
              of(1024, 14, 256, 1, 1, 5),
              of(256, 14, 256, 3, 1, 5),
              of(1024, 14, 512, 1, 1, 1),
              of(512, 14, 512, 3, 2, 1),
              of(512, 7, 2048, 1, 1, 3),
              of(1024, 14, 2048, 1, 2, 1),
              of(2048, 7, 512, 1, 1, 2),
              of(512, 7, 512, 3, 1, 2));
      case "mobilenet_v2_pointwise" ->
          List.of(
              of(32, 112, 16, 1, 1, 1),
              of(16, 112, 96, 1, 1, 1),
              of(96, 56, 24, 1, 1, 1),
              of(24, 56, 144, 1, 1, 2),
              of(144, 56, 24, 1, 1, 1),
              of(144, 28, 32, 1, 1, 1),
              of(32, 28, 192, 1, 1, 3),
              of(192, 28, 32, 1, 1, 2),
              of(192, 14, 64, 1, 1, 1),
              of(64, 14, 384, 1, 1, 4),
              of(384, 14, 64, 1, 1, 3),
              of(384, 14, 96, 1, 1, 1),
              of(96, 14, 576, 1, 1, 3),
              of(576, 14, 96, 1, 1, 2),
              of(576, 7, 160, 1, 1, 1),
              of(160, 7, 960, 1, 1, 3),
              of(960, 7, 160, 1, 1, 2),
              of(960, 7, 320, 1, 1, 1),
              of(320, 7, 1280, 1, 1, 1));
      case "mobilenet_v2_depthwise" ->
          List.of(
              depthwise(32, 112, 1, 1), depthwise(96, 112, 2, 1),
              depthwise(144, 56, 1, 1), depthwise(144, 56, 2, 1),
              depthwise(192, 28, 1, 2), depthwise(192, 28, 2, 1),
              depthwise(384, 14, 1, 4), depthwise(576, 14, 1, 2),
              depthwise(576, 14, 2, 1), depthwise(960, 7, 1, 3));
      default ->
          throw new InputException(
              "no list of convolutions for '"
                  + network
                  + "'; there are lenet5, resnet20, resnet18, resnet50, alexnet,"
                  + " mobilenet_v2_pointwise, mobilenet_v2_depthwise");
    };
  }

  private static ConvolutionLayer of(
      int channels, int size, int out, int kernel, int stride, int count) {
    return new ConvolutionLayer(channels, size, out, kernel, stride, kernel / 2, 1, count, true);
  }

  private static ConvolutionLayer depthwise(int channels, int size, int stride, int count) {
    return new ConvolutionLayer(channels, size, channels, 3, stride, 1, channels, count, true);
  }

  private ConvolutionLayer first() {
    return new ConvolutionLayer(channels, size, out, kernel, stride, pad, groups, count, false);
  }

  private ConvolutionLayer unpadded() {
    return new ConvolutionLayer(channels, size, out, kernel, stride, 0, groups, count, data);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%dx%d %d>%d k%ds%d%s x%d",
        size,
        size,
        channels,
        out,
        kernel,
        stride,
        groups == 1 ? "" : "g" + groups,
        count);
  }
}
