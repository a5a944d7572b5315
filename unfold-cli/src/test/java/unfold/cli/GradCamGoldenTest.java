package unfold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import unfold.config.Precision;
import unfold.data.image.PictureFile;
import unfold.engine.Engine;
import unfold.engine.Settings;
import unfold.inspect.GradCam;
import unfold.train.Trained;
import unfold.train.Weights;
import unfold.zoo.Zoo;

/// The same maps as PyTorch's autograd gives, with published weights on photos: `gradcam.py`.
final class GradCamGoldenTest {
  private static final Path DATA = Path.of("../../shared/data");

  @Test
  void heatIsThatOfPyTorch() throws IOException {
    Path weights = DATA.resolve("pretrained/squeezenet1_0/squeezenet1_0.safetensors");
    Assumptions.assumeTrue(Files.exists(weights), "no shared data here");
    Settings settings = Settings.defaults().precision(Precision.F32);
    Trained net = Trained.of(Zoo.find("squeezenet1_0"), Weights.read(weights), settings);
    Engine engine = Engine.open(settings);
    Map<String, GradCam> cams = new HashMap<>();
    for (String line : golden().lines().toList()) {
      String[] words = line.split("; ");
      double[] map = Arrays.stream(words[4].split(" ")).mapToDouble(Double::parseDouble).toArray();
      double largest = Arrays.stream(map).max().orElseThrow();
      GradCam cam =
          cams.computeIfAbsent(
              words[1], layer -> GradCam.of(engine, net.model(), net.states(), layer));
      var picture = net.prepared(PictureFile.read(DATA.resolve("hymenoptera/" + words[0])));
      GradCam.Heat heat = cam.run(Trained.batch(picture), Integer.parseInt(words[2]));
      assertThat(heat.logits().get(heat.target()))
          .as(line.substring(0, 60))
          .isCloseTo(Double.parseDouble(words[3]), within(1e-3));
      assertThat(heat.map().size()).isEqualTo(map.length);
      for (int i = 0; i < map.length; i++) {
        assertThat(heat.map().get(i))
            .as("%s, place %d", words[1], i)
            .isCloseTo(map[i], within(1e-3 * largest));
      }
    }
    assertThat(cams).hasSize(2);
  }

  private static String golden() throws IOException {
    try (var in = GradCamGoldenTest.class.getResourceAsStream("gradcam.txt")) {
      assertThat(in).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
