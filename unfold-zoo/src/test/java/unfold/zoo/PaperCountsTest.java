package unfold.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Parameters of the networks that torchvision does not have, to the digit, beside what the papers
/// print of them.
final class PaperCountsTest {
  /// - MobileNets 4.2, 2.6, 1.3, 0.5 million: Howard et al. 2017, table 6
  @ParameterizedTest
  @CsvSource({
    "tiny_darknet, 1042104",
    "mobilenet_v1_1.0_224, 4231976",
    "mobilenet_v1_0.75_192, 2585560",
    "mobilenet_v1_0.5_160, 1331592",
    "mobilenet_v1_0.25_128, 470072",
  })
  void countsParametersAsPublished(String name, long parameters) {
    assertThat(Zoo.find(name).inference(1).parameters()).isEqualTo(parameters);
  }
}
