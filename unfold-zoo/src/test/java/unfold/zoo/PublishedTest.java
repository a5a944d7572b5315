package unfold.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import unfold.error.InputException;
import unfold.model.Preprocessing;
import unfold.model.Variant;

class PublishedTest {
  @Test
  void everyOneIsForANetworkOfTheZooAndNamesItsDigest() {
    List<String> zoo = Zoo.list().stream().map(Variant::name).toList();
    assertThat(Published.all())
        .hasSize(27)
        .allSatisfy(p -> {
          assertThat(zoo).contains(p.model());
          assertThat(p.file()).matches("[a-z0-9_]+(-owt)?-" + p.sha256() + "\\.pth");
          assertThat(p.sha256()).matches("[0-9a-f]{8}");
          assertThat(p.address()).hasHost("download.pytorch.org").hasScheme("https");
          assertThat(p.top1()).isBetween(50.0, 80.0);
          assertThat(p.top5()).isBetween(p.top1(), 96.0);
          assertThat(Preprocessing.named(p.preprocessing())).isNotNull();
        });
    assertThat(Published.all()).extracting(Published::model).doesNotHaveDuplicates();
  }

  @Test
  void namesTheNetworksThatHaveSome() {
    assertThat(Published.of("resnet50").address())
        .hasToString("https://download.pytorch.org/models/resnet50-0676ba61.pth");
    assertThatThrownBy(() -> Published.of("lenet5"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("no published weights are known for 'lenet5'; they are for alexnet")
        .hasMessageEndingWith("a file of your own goes with --weights FILE");
  }
}
