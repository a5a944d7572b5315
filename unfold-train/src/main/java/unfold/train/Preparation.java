package unfold.train;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import unfold.data.Dataset;
import unfold.data.Loading;
import unfold.data.TenCrop;
import unfold.data.augment.Mixing;
import unfold.data.augment.Transforms;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.error.InputException;
import unfold.model.Model;
import unfold.model.Preprocessing;

/// How the pictures of a set become those that a model takes, or why they cannot.
///
/// Grey and colour become each other as the model wants it. To measure and to predict, a picture of
/// another size is scaled and its middle is taken: by the model's own preprocessing if it has one,
/// else to the model's size. To learn, pictures of another size go through the augmentation; a set
/// whose pictures differ in size gets the same scaling first.
final class Preparation {
  private static final double VIEW_SCALE = 256.0 / 224;

  private Preparation() {}

  /// In order, without augmentation.
  static Loading evaluation(Model model, Dataset data, int batch, int threads) {
    requireClasses(model, data);
    return seen(model, data, batch, threads);
  }

  /// As [#evaluation], for a set of any classes.
  static Loading seen(Model model, Dataset data, int batch, int threads) {
    return Loading.evaluation(batch)
        .threads(threads)
        .channels(model.options().channels())
        .transforms(scaling(model, data.shape()));
  }

  /// Shuffled and augmented.
  static Loading training(Model model, Dataset data, RunConfig config) {
    requireClasses(model, data);
    requireLabels(data);
    requireBatch(data, config.recipe().batch());
    Transforms augmentation = Transforms.parse(config.pictures().augmentation());
    boolean plain = config.limits().overfitBatches() > 0;
    return Loading.training(config.recipe().batch(), config.recipe().seed())
        .threads(config.pictures().threads())
        .epochs(config.recipe().epochs())
        .channels(model.options().channels())
        .mixing(mixing(config))
        .transforms(plain ? scaling(model, data.shape()) : learning(model, data, augmentation));
  }

  /// Dry runs that learn a few pictures by heart do not mix them.
  static Mixing mixing(RunConfig config) {
    return config.limits().overfitBatches() > 0 ? Mixing.NONE : config.tricks().mixing();
  }

  private static Transforms learning(Model model, Dataset data, Transforms augmentation) {
    PictureShape wanted = wanted(model);
    Optional<PictureShape> given = data.shape().map(s -> s.channels(wanted.channels()));
    Optional<PictureShape> made = shape(augmentation, given, wanted);
    if (made.filter(wanted::equals).isPresent()) {
      return augmentation;
    }
    Transforms scaled = joined(scaling(model, Optional.empty()), augmentation);
    if (data.shape().isEmpty() && shape(scaled, given, wanted).filter(wanted::equals).isPresent()) {
      return scaled;
    }
    throw new InputException(
        model.name()
            + " takes pictures of "
            + named(wanted)
            + ", but "
            + data.name()
            + " has "
            + data.shape().map(Preparation::named).orElse("pictures of different sizes")
            + (augmentation.isEmpty()
                ? ""
                : ", and the augmentation "
                    + augmentation
                    + " makes them "
                    + made.map(Preparation::named).orElse("of different sizes"))
            + ": build the model for that size ("
            + data.shape().map(s -> options(s, wanted)).orElse("options height=…, width=…")
            + "), or begin the augmentation with "
            + scaling(model, Optional.empty()));
  }

  private static String options(PictureShape given, PictureShape wanted) {
    return "options height="
        + given.height()
        + ", width="
        + given.width()
        + (given.channels() == wanted.channels() ? "" : ", channels=" + given.channels());
  }

  /// What a set's pictures become, which have the model's channels from the beginning.
  private static Optional<PictureShape> shape(
      Transforms transforms, Optional<PictureShape> given, PictureShape wanted) {
    return transforms.shape(given).map(s -> s.channels(wanted.channels()));
  }

  /// Ten views of each picture, of the model's size.
  static TenCrop tenCrop(Model model, Dataset data) {
    return new TenCrop(data, viewScale(model), model.options().height(), model.options().width());
  }

  static List<Picture> views(Model model, Picture picture) {
    return TenCrop.views(
        picture, viewScale(model), model.options().height(), model.options().width());
  }

  /// The shorter side that views are cut from: the model's own preprocessing's, else 256 to 224 in
  /// proportion.
  private static int viewScale(Model model) {
    PictureShape wanted = wanted(model);
    int side = Math.max(wanted.height(), wanted.width());
    Preprocessing own = model.preprocessing();
    boolean fits = own.crop() == wanted.height() && own.crop() == wanted.width();
    return fits && own.resize() > side ? own.resize() : (int) Math.ceil(side * VIEW_SCALE);
  }

  /// What brings a picture to the model's size; nothing if it has it.
  static Transforms scaling(Model model, Optional<PictureShape> given) {
    PictureShape wanted = wanted(model);
    if (given.map(s -> s.channels(wanted.channels())).filter(wanted::equals).isPresent()) {
      return Transforms.NONE;
    }
    Preprocessing own = model.preprocessing();
    boolean fits = own.crop() == wanted.height() && own.crop() == wanted.width();
    int side = fits ? own.resize() : Math.max(wanted.height(), wanted.width());
    return Transforms.parse(
        "resize(" + side + "),centre-crop(" + wanted.height() + "x" + wanted.width() + ")");
  }

  /// What the user should know, if anything.
  static Optional<String> note(Model model, Dataset data) {
    int wanted = model.options().channels();
    return data.shape()
        .filter(s -> s.channels() != wanted)
        .map(_ ->
            data.name()
                + ": pictures are turned "
                + (wanted == 1 ? "from colour to grey" : "from grey to colour")
                + ", since "
                + model.name()
                + " takes "
                + wanted
                + (wanted == 1 ? " channel" : " channels"));
  }

  private static Transforms joined(Transforms first, Transforms then) {
    return new Transforms(Stream.concat(first.list().stream(), then.list().stream()).toList());
  }

  private static void requireClasses(Model model, Dataset data) {
    if (model.classes() != data.classes().size()) {
      throw new InputException(
          model.name()
              + " tells "
              + model.classes()
              + " classes apart, but "
              + data.name()
              + " has "
              + data.classes().size()
              + ": build the model with classes="
              + data.classes().size());
    }
  }

  private static void requireLabels(Dataset data) {
    int classes = data.classes().size();
    for (int i = 0; i < data.size(); i++) {
      int label = data.label(i);
      if (label < 0 || label >= classes) {
        throw new InputException(
            data.source(i)
                + " has label "
                + label
                + ", but there are "
                + classes
                + " classes (0 to "
                + (classes - 1)
                + ")");
      }
    }
  }

  private static void requireBatch(Dataset data, int batch) {
    if (data.size() < batch) {
      throw new InputException(
          data.name()
              + " has "
              + data.size()
              + " pictures to learn from, too few for a batch of "
              + batch
              + ": make the batch smaller");
    }
  }

  private static PictureShape wanted(Model model) {
    var o = model.options();
    return new PictureShape(o.height(), o.width(), o.channels());
  }

  /// C×H×W, the order of shapes.
  private static String named(PictureShape s) {
    return s.channels() + "×" + s.height() + "×" + s.width();
  }
}
