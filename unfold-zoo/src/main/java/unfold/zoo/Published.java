package unfold.zoo;

import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import unfold.error.InputException;

/// Weights that somebody published for a network, and what goes with them.
///
/// @param model name in the zoo
/// @param address where the file lies
/// @param sha256 the first digits of the file's digest, which its name carries
/// @param preprocessing what the weights want pictures to be, by name
/// @param classes what they tell apart, in words
/// @param top1 accuracy on ImageNet's validation pictures, centre crop, in percent
/// @param top5 share of these where the right class is among five answers
/// @param licence as far as it is stated
public record Published(
    String model,
    URI address,
    String sha256,
    String preprocessing,
    String classes,
    double top1,
    double top5,
    String licence) {

  /// Model | file without its ending | top-1 | top-5 of the first weights that torchvision trained.
  ///
  /// @source torchvision 0.28, the `Weights` of each model
  private static final String TORCHVISION =
      """
      alexnet            | alexnet-owt-7be5be79       | 56.522 | 79.066
      vgg11              | vgg11-8a719046             | 69.020 | 88.628
      vgg11_bn           | vgg11_bn-6002323d          | 70.370 | 89.810
      vgg13              | vgg13-19584684             | 69.928 | 89.246
      vgg13_bn           | vgg13_bn-abd245e5          | 71.586 | 90.374
      vgg16              | vgg16-397923af             | 71.592 | 90.382
      vgg16_bn           | vgg16_bn-6c64b313          | 73.360 | 91.516
      vgg19              | vgg19-dcbb9e9d             | 72.376 | 90.876
      vgg19_bn           | vgg19_bn-c79401a0          | 74.218 | 91.842
      googlenet          | googlenet-1378be20         | 69.778 | 89.530
      resnet18           | resnet18-f37072fd          | 69.758 | 89.078
      resnet34           | resnet34-b627a593          | 73.314 | 91.420
      resnet50           | resnet50-0676ba61          | 76.130 | 92.862
      resnet101          | resnet101-63fe2227         | 77.374 | 93.546
      resnet152          | resnet152-394f9c45         | 78.312 | 94.046
      resnext50_32x4d    | resnext50_32x4d-7cdf4587   | 77.618 | 93.698
      resnext101_32x8d   | resnext101_32x8d-8ba56ff5  | 79.312 | 94.526
      wide_resnet50_2    | wide_resnet50_2-95faca4d   | 78.468 | 94.086
      densenet121        | densenet121-a639ec97       | 74.434 | 91.972
      densenet161        | densenet161-8d451a50       | 77.138 | 93.560
      densenet169        | densenet169-b2777c0a       | 75.600 | 92.806
      densenet201        | densenet201-c1103571       | 76.896 | 93.370
      squeezenet1_0      | squeezenet1_0-b66bff10     | 58.092 | 80.420
      squeezenet1_1      | squeezenet1_1-b8a52dc0     | 58.178 | 80.624
      mobilenet_v2       | mobilenet_v2-b0353104      | 71.878 | 90.286
      mobilenet_v3_large | mobilenet_v3_large-8738ca79 | 74.042 | 91.340
      mobilenet_v3_small | mobilenet_v3_small-047dcff4 | 67.668 | 87.402
      """;

  private static final URI MODELS = URI.create("https://download.pytorch.org/models/");

  /// All that are known, torchvision's.
  public static List<Published> all() {
    return TORCHVISION.lines().map(Published::torchvision).toList();
  }

  /// Those for a network.
  ///
  /// @throws InputException with the networks that have some
  public static Published of(String model) {
    return all().stream()
        .filter(p -> p.model().equals(model))
        .findFirst()
        .orElseThrow(() ->
            new InputException(
                "no published weights are known for '"
                    + model
                    + "'; they are for "
                    + all().stream().map(Published::model).collect(Collectors.joining(", "))
                    + "; a file of your own goes with --weights FILE"));
  }

  /// The file's name.
  public String file() {
    String path = address.getPath();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /// GoogLeNet's were trained by TensorFlow, and want pictures from −1 to 1.
  private static Published torchvision(String line) {
    String[] column = line.split("\\|");
    String model = column[0].strip();
    String file = column[1].strip();
    return new Published(
        model,
        MODELS.resolve(file + ".pth"),
        file.substring(file.lastIndexOf('-') + 1),
        model.equals("googlenet") ? "tf" : "torchvision",
        "the 1000 classes of ImageNet, in the order of their WordNet numbers",
        Double.parseDouble(column[2]),
        Double.parseDouble(column[3]),
        "torchvision, BSD-3-Clause; terms of ImageNet, which they were trained on, may apply");
  }
}
