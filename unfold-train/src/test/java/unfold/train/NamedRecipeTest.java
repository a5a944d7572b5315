package unfold.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import unfold.data.augment.Transforms;
import unfold.error.InputException;
import unfold.layer.Flatten;
import unfold.layer.Linear;
import unfold.layer.Sequential;
import unfold.model.Model;
import unfold.model.Options;
import unfold.optimizer.Optimizer;
import unfold.optimizer.Schedule;
import unfold.optimizer.Sgd;

/// Holds the constants of the papers and of the lecture.
final class NamedRecipeTest {
  private static Model model(int side) {
    var layer = new Sequential().then("flat", new Flatten()).then("fc", new Linear(3, 10));
    return Model.of("any", layer, new Options(10, 3, side));
  }

  private static void assertLearning(
      String name, int epochs, int batch, double rate, double decay, Schedule schedule) {
    RunConfig.Recipe r = NamedRecipe.find(name).recipe();
    assertThat(r.epochs()).isEqualTo(epochs);
    assertThat(r.batch()).isEqualTo(batch);
    assertThat(Optimizer.parse(r.optimizer())).isEqualTo(new Sgd(rate, 0.9).weightDecay(decay));
    assertThat(Schedule.parse(r.schedule())).isEqualTo(schedule);
    assertThat(r.labelSmoothing()).isZero();
  }

  @Test
  void alexNetIsAsInItsPaperSections4To6() {
    assertLearning("alexnet", 90, 128, 0.01, 5e-4, new Schedule.Plateau(0.1, 3));
    NamedRecipe r = NamedRecipe.find("alexnet");
    assertThat(r.tricks()).isEqualTo(Tricks.NONE.crops(10));
    assertThat(r.members()).isEqualTo(7);
    assertThat(r.augmentation(model(224)))
        .isEqualTo("resize(256),centre-crop(256),random-crop(224),flip,pca-colour(0.1)");
    assertThat(r.augmentation(model(227)))
        .isEqualTo("resize(259),centre-crop(259),random-crop(227),flip,pca-colour(0.1)");
    assertThat(r.network()).contains("local response normalisation").contains("dropout 0.5");
  }

  @Test
  void vggIsAsInItsPaperSection3() {
    assertLearning("vgg", 74, 256, 0.01, 5e-4, new Schedule.Plateau(0.1, 3));
    assertThat(NamedRecipe.find("vgg").augmentation(model(224)))
        .isEqualTo("random-resize(256,512),random-crop(224),flip,pca-colour(0.1)");
  }

  @Test
  void resNetIsAsInTheLectureAndItsPaperSection3() {
    assertLearning("resnet", 120, 256, 0.1, 1e-5, new Schedule.Plateau(0.1, 3));
    NamedRecipe r = NamedRecipe.find("resnet");
    assertThat(r.augmentation(model(224)))
        .isEqualTo("random-resize(256,480),random-crop(224),flip,pca-colour(0.1)");
    assertThat(r.tricks().crops()).isEqualTo(10);
  }

  @Test
  void cifarIsAsInThePaperOfResNetSection4() {
    assertLearning(
        "cifar", 164, 128, 0.1, 1e-4, new Schedule.MultiStep(java.util.List.of(82, 123), 0.1));
    NamedRecipe r = NamedRecipe.find("cifar");
    assertThat(r.augmentation(model(32))).isEqualTo("pad-crop(4),flip");
    assertThat(r.tricks()).isEqualTo(Tricks.NONE);
    // 64,000 steps of 128 over 50,000 pictures
    assertThat(64_000 * 128 / 50_000.0).isBetween(163.0, 164.0);
    assertThat(r.epochs(16).schedule()).isEqualTo("multistep(8,12,gamma=0.1)");
    assertThat(r.epochs(16).epochs()).isEqualTo(16);
  }

  @Test
  void theDefaultIsWhatJustTrains() {
    NamedRecipe r = NamedRecipe.ALL.getFirst();
    assertThat(r.name()).isEqualTo("onecycle");
    assertThat(r.recipe()).isEqualTo(RunConfig.justTrain(model(32), "digits").recipe());
    assertThat(r.tricks()).isEqualTo(Tricks.NONE);
    assertThat(r.augmentation(model(32))).isEqualTo("none");
  }

  @Test
  void leNetHasOneOfItsOwnUnlessAnotherIsAskedFor() {
    Model any = model(32);
    Model lenet = Model.of("lenet5_relu", any.layer(), any.options());
    assertThat(NamedRecipe.usual(lenet).name()).isEqualTo("lenet");
    assertThat(RunConfig.justTrain(lenet, "digits").recipe().optimizer())
        .isEqualTo("sgd(0.1,momentum=0.9,decay=5e-4)");
    assertThat(NamedRecipe.usual(model(32)).name()).isEqualTo("onecycle");
  }

  @Test
  void printsItsSettingsAndSource() {
    for (NamedRecipe r : NamedRecipe.ALL) {
      assertThat(Transforms.parse(r.augmentation(model(64))))
          .hasToString(r.augmentation(model(64)));
      assertThat(r.toString())
          .contains(r.source(), r.recipe().optimizer(), r.augmentation())
          .contains("batch " + r.recipe().batch());
    }
    assertThat(NamedRecipe.find("alexnet").toString())
        .contains("evaluation    10 crops of each, the mean of 7 networks");
  }

  @Test
  void namesThoseThereAre() {
    assertThatThrownBy(() -> NamedRecipe.find("alex"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "there is no recipe 'alex' (did you mean alexnet?); there are onecycle, lenet, alexnet, vgg, resnet, cifar");
  }
}
