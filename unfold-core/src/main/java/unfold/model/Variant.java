package unfold.model;

import java.util.Map;
import java.util.function.Function;
import unfold.layer.Layer;

/// A named network that can be built with options: a line of the zoo.
///
/// @param defaults the options of the published form; no others exist
/// @param source the paper
/// @param build the network, from normalised pictures to logits
public record Variant(
    String name,
    Options defaults,
    Preprocessing preprocessing,
    String source,
    Function<Options, Layer> build) {

  /// As published.
  public Model model() {
    return model(defaults);
  }

  public Model model(Options options) {
    return new Model(
        name, build.apply(options), options, preprocessing.forChannels(options.channels()), source);
  }

  /// With some options changed, given as words.
  public Model model(Map<String, String> words) {
    return model(defaults.with(words));
  }
}
