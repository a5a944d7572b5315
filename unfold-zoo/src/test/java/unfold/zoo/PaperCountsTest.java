package unfold.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Parameters of the networks that torchvision does not have: to the digit, and beside it what the
/// paper prints in millions.
final class PaperCountsTest {
  @ParameterizedTest
  @CsvSource({
    // Howard et al. 2017, table 6
    "mobilenet_v1_1.0_224, 4231976, 4.2",
    "mobilenet_v1_0.75_192, 2585560, 2.6",
    "mobilenet_v1_0.5_160, 1331592, 1.3",
    "mobilenet_v1_0.25_128, 470072, 0.5",
    // the sum of the lecture slide; the two-GPU form is below
    "alexnet_lrn, 62378344, 62.4",
    // Zagoruyko, Komodakis 2016, tables 4 and 5
    "wrn16_4_cifar, 2748890, 2.7",
    "wrn16_8_cifar, 10961370, 11.0",
    "wrn22_8_cifar, 17158106, 17.2",
    "wrn28_10_cifar, 36479194, 36.5",
    "wrn28_12_cifar, 52517850, 52.5",
    "wrn40_1_cifar, 563930, 0.6",
    "wrn40_2_cifar, 2243546, 2.2",
    "wrn40_4_cifar, 8949210, 8.9",
    "wrn40_8_cifar, 35748314, 35.7",
    // Xie et al. 2017, table 7
    "resnext29_8x64d_cifar, 34426698, 34.4",
    "resnext29_16x64d_cifar, 68155210, 68.2",
    // Hu et al. 2018, section 4
    "se_resnet50, 28088024, 28.1",
    "se_resnet101, 49326872, 49.3",
    "se_resnet152, 66821848, 66.8",
    "se_resnext50_32x4d, 27559896, 27.6",
    // Huang et al. 2017, table 2
    "densenet40_12_cifar, 1019722, 1.0",
    "densenet100_12_cifar, 6979642, 7.0",
    "densenet100_24_cifar, 27249082, 27.2",
    "densenet_bc100_12_cifar, 769162, 0.8",
    "densenet_bc250_24_cifar, 15324406, 15.3",
    "densenet_bc190_40_cifar, 25624430, 25.6",
    // Zoph et al. 2018, tables 1 and 2
    "nasnet_a_mobile, 5289978, 5.3",
    "nasnet_a_cifar, 3346538, 3.3",
    // no figure in print: their own arithmetic
    "tiny_darknet, 1042104, 1.0",
    "zfnet, 62357608, 62.4",
    "nin_cifar, 966986, 1.0",
    "nin_imagenet, 7595176, 7.6",
    "fractalnet20_cifar, 33724618, 33.7",
    "fractalnet40_cifar, 4767210, 4.8",
  })
  void countsParametersAsPublished(String name, long parameters, double millions) {
    assertThat(Zoo.find(name).inference(1).parameters()).isEqualTo(parameters);
    assertThat(Math.abs(parameters / 1e6 - millions)).isLessThanOrEqualTo(0.0501);
  }

  @ParameterizedTest
  @CsvSource({
    "groups, 2, 60965224",
    "hidden, 16, 3911944",
  })
  void countsParametersOfOtherFormsOfAlexNet(String option, String value, long parameters) {
    var model = Zoo.find("alexnet_lrn", Map.of(option, value));
    assertThat(model.inference(1).parameters()).isEqualTo(parameters);
  }
}
