package unfold.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unfold.error.InputException;
import unfold.error.ShapeException;
import unfold.layer.Loss.SoftmaxCrossEntropy;
import unfold.tensor.TensorType;
import unfold.trace.Traced;

final class ZooTest {
  /// Counts of the CIFAR networks: He et al. 2016, table 6 (0.27M, 0.46M, 0.66M, 0.85M, 1.7M,
  /// 19.4M); to the digit akamaster/pytorch_resnet_cifar10's own count. Of the ImageNet networks:
  /// `num_params` of torchvision 0.28's weights.
  @ParameterizedTest
  @CsvSource({
    "linear, 7850",
    "mlp, 269322",
    "lenet5, 61706",
    "lenet5_relu, 61706",
    "resnet20_cifar, 269722",
    "resnet32_cifar, 464154",
    "resnet44_cifar, 658586",
    "resnet56_cifar, 853018",
    "resnet110_cifar, 1727962",
    "resnet1202_cifar, 19421274",
    "plain20_cifar, 269722",
    "plain56_cifar, 853018",
    "alexnet, 61100840",
    "vgg11, 132863336",
    "vgg13, 133047848",
    "vgg16, 138357544",
    "vgg19, 143667240",
    "vgg11_bn, 132868840",
    "vgg13_bn, 133053736",
    "vgg16_bn, 138365992",
    "vgg19_bn, 143678248",
    "googlenet, 6624904",
    "densenet121, 7978856",
    "densenet161, 28681000",
    "densenet169, 14149480",
    "densenet201, 20013928",
    "mobilenet_v3_small, 2542856",
    "mobilenet_v3_large, 5483032",
    "resnet18, 11689512",
    "resnet34, 21797672",
    "resnet50, 25557032",
    "resnet101, 44549160",
    "resnet152, 60192808",
    "resnext50_32x4d, 25028904",
    "resnext101_32x8d, 88791336",
    "resnext101_64x4d, 83455272",
    "wide_resnet50_2, 68883240",
    "wide_resnet101_2, 126886696",
    "mobilenet_v2, 3504872",
    "squeezenet1_0, 1248424",
    "squeezenet1_1, 1235496",
    "pixel_rnn, 18058",
    "pixel_lstm, 68362",
    "pixel_gru, 51594",
    "pixel_rnn, 18058",
    "pixel_lstm, 68362",
    "pixel_gru, 51594",
  })
  void countsParametersAsPublished(String name, long parameters) {
    var model = Zoo.find(name);
    Traced traced = model.inference(2);
    assertThat(traced.parameters()).isEqualTo(parameters);
    assertThat(traced.graph().result("logits").orElseThrow().type())
        .isEqualTo(TensorType.f32(2, model.classes()));
  }

  @Test
  void theAuxiliaryHeadsOfGoogLeNetExistOnlyInTraining() {
    var model = Zoo.find("googlenet");
    // num_params of torchvision's GoogLeNet with aux_logits.
    assertThat(model.training(2, new SoftmaxCrossEntropy()).parameters()).isEqualTo(13_004_888);
    assertThat(model.evaluation(2, new SoftmaxCrossEntropy()).parameters()).isEqualTo(6_624_904);
    assertThat(Zoo.find("googlenet", Map.of("aux", "false")).states())
        .noneMatch(d -> d.name().startsWith("aux"));
  }

  @Test
  void dropoutIsAShare() {
    assertThatThrownBy(() -> Zoo.find("alexnet", Map.of("dropout", "1")))
        .isInstanceOf(InputException.class)
        .hasMessage("dropout=1 must be at least 0 and less than 1");
    assertThatThrownBy(() -> Zoo.find("mobilenet_v2", Map.of("width_mult", "wide")))
        .isInstanceOf(InputException.class)
        .hasMessage("width_mult=wide must be a number");
  }

  @Test
  void everyModelTracesForTrainingWithOtherOptions() {
    for (var variant : Zoo.list()) {
      if (variant.name().contains("1202")) {
        continue; // the same code as its sisters, 4,000 nodes
      }
      var model = variant.model(Map.of("classes", "7", "channels", "2", "size", "67"));
      Traced traced = model.training(3, new SoftmaxCrossEntropy());
      assertThat(traced.graph().result("logits").orElseThrow().type())
          .as(variant.name())
          .isEqualTo(TensorType.f32(3, 7));
      assertThat(traced.graph().result("loss").orElseThrow().type()).isEqualTo(TensorType.f32());
    }
  }

  @Test
  void everyBlockCanStartAsTheIdentity() {
    var model = Zoo.find("resnet20_cifar", Map.of("zero_residual", "true", "shortcut", "B"));
    var states = model.inference(1).states();
    assertThat(states)
        .filteredOn(d -> d.name().matches("layer.*bn2.weight"))
        .hasSize(9)
        .allSatisfy(d -> assertThat(d.initial(1).toDoubles()).containsOnly(0));
    assertThat(states)
        .filteredOn(d -> d.name().endsWith("bn1.weight"))
        .allSatisfy(d -> assertThat(d.initial(1).toDoubles()).containsOnly(1));
    assertThatThrownBy(() -> Zoo.find("resnet20_cifar", Map.of("shortcut", "C")))
        .isInstanceOf(InputException.class)
        .hasMessage("shortcut=C must be A or B");
  }

  @Test
  void picturesThatAreTooSmallSayWhere() {
    assertThatThrownBy(() -> Zoo.find("lenet5", Map.of("size", "8")).inference(1))
        .isInstanceOf(ShapeException.class)
        .hasMessageStartingWith(
            "c3: conv2d: x [1x6x4x4] is smaller than the kernel of w [16x6x5x5]");
  }

  @Test
  void namesTheNearestModels() {
    assertThatThrownBy(() -> Zoo.find("resnet20"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "there is no model 'resnet20'; did you mean resnet20_cifar, resnet50, resnet101?");
  }
}
